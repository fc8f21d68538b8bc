package io.millrace.local;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;

/**
 * Where the build unpacked the schema registry: {@code deploy/local/target/registry} of the project, which is beside the
 * classes or the jar of this module if the launcher did not say where the project is.
 */
final class RegistryHome {
    /** System property that names another folder. */
    static final String PROPERTY = "millrace.registry.home";

    /** System property by which the launcher names the project's folder. */
    static final String PROJECT = "millrace.home";

    private RegistryHome() {}

    static Path find() {
        String named = System.getProperty(PROPERTY);
        if (named != null) {
            return Path.of(named);
        }
        String project = System.getProperty(PROJECT);
        if (project != null) {
            return Path.of(project, "deploy", "local", "target", "registry");
        }
        CodeSource source = RegistryHome.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            throw new UserError("name the folder of the unpacked schema registry with -D" + PROPERTY);
        }
        try {
            return Path.of(source.getLocation().toURI()).resolveSibling("registry");
        } catch (URISyntaxException e) {
            throw new UserError("name the folder of the unpacked schema registry with -D" + PROPERTY, e);
        }
    }
}
