package io.millrace.local;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;

/** Where the build unpacked the schema registry: {@code target/registry}, beside the classes or the jar of this module. */
final class RegistryHome {
    /** System property that names another folder. */
    static final String PROPERTY = "millrace.registry.home";

    private RegistryHome() {}

    static Path find() {
        String named = System.getProperty(PROPERTY);
        if (named != null) {
            return Path.of(named);
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
