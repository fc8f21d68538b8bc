package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.runtime.ServiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The keys in docs/configuration.md are those of the code; {@code -Dmillrace.docs=write} writes them there. */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of(System.getProperty("basedir", "."), "..", "docs", "configuration.md");
    private static final String BEGIN = "<!-- telemetry-ingest: written by ConfigurationPageTest -->\n";
    private static final String END = "<!-- end of telemetry-ingest -->";

    @Test
    void theTableIsThatOfTheCode() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        assertThat(begin).as("place of the line %s", BEGIN).isNotNegative();
        assertThat(end).as("place of the line %s", END).isGreaterThan(begin);
        String expected = page.substring(0, begin + BEGIN.length())
                + ServiceConfig.markdown(IngestConfig.definition())
                + page.substring(end);
        if ("write".equals(System.getProperty("millrace.docs"))) {
            Files.writeString(PAGE, expected);
            return;
        }
        assertThat(page)
                .as("docs/configuration.md is out of date: mvn test -pl telemetry-ingest -am"
                        + " -Dtest=ConfigurationPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dmillrace.docs=write")
                .isEqualTo(expected);
    }
}
