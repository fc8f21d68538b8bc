package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.BrokerConfig;
import io.millrace.ingest.IngestConfig;
import io.millrace.local.terminal.Terminal;
import io.millrace.runtime.ServiceConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What one starts the other finds: the services, `up`, the command line and the guides name the same ports. */
class DefaultPortsTest {
    private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..", "..");
    private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");

    private static String defaultOf(String command, String option) {
        CommandLine line = Millrace.commandLine(Terminal.PLAIN).getSubcommands().get(command);
        assertThat(line).as(command).isNotNull();
        return line.getCommandSpec().findOption(option).defaultValueString();
    }

    @Test
    void aServiceThatIsStartedByHandListensWhereTheCommandLineLooksAndAsksWhatUpStarts() {
        BrokerConfig broker = new BrokerConfig(Map.of());
        IngestConfig ingest = new IngestConfig(Map.of());
        assertThat(defaultOf("up", "--broker-port")).isEqualTo("" + broker.httpPort());
        assertThat(defaultOf("up", "--ingest-port")).isEqualTo("" + ingest.httpPort());
        assertThat(defaultOf("submit", "--url")).endsWith(":" + broker.httpPort() + "}");
        assertThat(defaultOf("capacity", "--url")).endsWith(":" + ingest.httpPort() + "}");
        for (ServiceConfig service : List.of(broker, ingest)) {
            assertThat("" + URI.create(service.registryUrl()).getPort()).isEqualTo(defaultOf("up", "--registry-port"));
            assertThat(service.getList(ServiceConfig.BOOTSTRAP_SERVERS))
                    .containsExactly("127.0.0.1:" + defaultOf("up", "--kafka-port"));
        }
    }

    @Test
    void theGuidesNameNoOtherPort() throws IOException {
        Set<String> ports = new TreeSet<>();
        for (String option : List.of("--kafka-port", "--registry-port", "--ingest-port", "--broker-port")) {
            ports.add(defaultOf("up", option));
        }
        Set<String> named = new TreeSet<>();
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            for (Path page : Stream.concat(Stream.of(ROOT.resolve("README.md")), docs)
                    .filter(path -> path.toString().matches(".*\\.(md|sh|py|js|yml)"))
                    .filter(path -> !path.toString().contains("node_modules"))
                    .toList()) {
                Matcher address = ADDRESS.matcher(Files.readString(page));
                while (address.find()) {
                    named.add(address.group(1));
                }
            }
        }
        assertThat(named).isEqualTo(ports);
    }
}
