package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.terminal.Terminal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class MillraceTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void withoutACommandItSaysWhatThereIs() {
        assertThat(run()).isZero();
        assertThat(out.toString())
                .contains("up", "capacity", "submit", "watch", "explain")
                .doesNotContain("\u001b");
    }

    @Test
    void commandsOfOtherModulesAreFound() {
        assertThat(run("ping", "--times", "2")).isEqualTo(7);
        assertThat(out.toString()).isEqualToNormalizingNewlines("pong\npong\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "capactiy|Did you mean: millrace capacity",
                "up --kafka-prt 1|Possible solutions: --kafka-port",
                "up --partitions many|Invalid value for option '--partitions': 'many' is not an int",
                "submit --devices 1 --duration soon|'soon' is not a time such as 90s, 30m, 2h or 1d",
                "submit --cores 4 --memory 0.0001M|'0.0001M' is finer than Millrace counts",
                "submit --devices 1 --kind magic|expected one of [GENERAL, INTELLIGENT, SUPER, QUANTUM]",
                "capacity --by planet|expected one of [NATION, HUB, CENTRE, POOL, NODE]",
                "explain|Missing required parameter: 'ID'",
                "up --kafka-port 65536|--kafka-port must be between 0 and 65535, not 65536",
                "up --partitions 0|--partitions must be between 1 and 1000, not 0",
                "up --rate 0|requests per second must be above 0, not 0.0",
                "up --nodes -5|nodes must be between 1 and 1000000, not -5",
                "submit|say what is needed: --devices N, --cores N, or a request with --file FILE",
                "submit --devices 1 --wait -1|--wait must be between 0 and 60000 ms, not -1",
                "submit --devices 1 --model ,|',' holds an empty name: expected names such as a or a,b",
                "submit --devices 1 --hub a,,b|'a,,b' holds an empty name",
                "submit --devices 1 --url foo|--url must be an address such as http://127.0.0.1:8086, not 'foo'",
                "submit --devices 1 --url file:///x|--url must be an address",
                "watch --limit 0|--limit must be at least 1, not 0",
                "capacity --url http:/x|--url must be an address",
            })
    void wrongUsageIsExplainedAndExitsWith2(String arguments, String said) {
        assertThat(run(arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(said).contains("--help").doesNotContain("Exception", "\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "submit --file /nowhere/request.json|/nowhere/request.json cannot be read: there is no such file",
                "explain x --url http://127.0.0.1:1|broker-service does not answer at http://127.0.0.1:1 (nobody listens there)",
                "capacity --url http://127.0.0.1:1|telemetry-ingest does not answer at http://127.0.0.1:1",
            })
    void mistakesAreOneLineAndExitWith1(String arguments, String said) {
        assertThat(run(arguments.split(" "))).isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).startsWith("millrace: ").contains(said).doesNotContain("Exception", "\tat ");
    }

    @Test
    void verboseShowsWhereAnErrorComesFrom() {
        assertThat(run("explain", "x", "--url", "http://127.0.0.1:1", "--verbose"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("does not answer").contains("\tat io.millrace.local.client");
    }

    @Test
    void aFaultOfOursIsSaidToBeOne() {
        assertThat(run("ping", "--times", "-1")).isEqualTo(1);
        assertThat(err.toString())
                .contains("no mistake of yours: java.lang.IllegalArgumentException: count is negative");
    }

    @Test
    void aFolderThatIsNotOursIsNotTouched() throws Exception {
        Files.writeString(folder.resolve("thesis.txt"), "three years of work");
        assertThat(run("up", "--fresh", "--data", folder.toString(), "--kafka-port", "0", "--registry-port", "0"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("holds thesis.txt and is no data folder of Millrace");
        try (var content = Files.list(folder)) {
            assertThat(content).containsExactly(folder.resolve("thesis.txt"));
        }
    }

    /** As {@code millrace watch | head -2} leaves it. */
    @Test
    void aWriterKnowsThatItsReaderHasGone() {
        PrintWriter writer = Millrace.writer(new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                },
                true,
                StandardCharsets.UTF_8));
        writer.println("a decision");
        assertThat(writer.checkError()).isTrue();
    }

    @Test
    void colouredHelpIsForTerminals() {
        CommandLine line = Millrace.commandLine(new Terminal(true, true, 24));
        assertThat(line.getUsageMessage()).contains("\u001b[1mmillrace");
    }

    private int run(String... arguments) {
        CommandLine line = Millrace.commandLine(Terminal.PLAIN);
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }
}
