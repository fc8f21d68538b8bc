package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.Millrace;
import io.millrace.local.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The help of the whole command line: in this module all of it is there. */
class HelpTest {
    /** Descriptions are formats: a per cent sign alone makes picocli warn in the middle of the help. */
    @Test
    void noHelpWarns() {
        CommandLine line = Millrace.commandLine(Terminal.PLAIN);
        assertThat(line.getSubcommands()).containsKeys("up", "submit", "bench", "replay");
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            showHelp(line);
        } finally {
            System.setErr(before);
        }
        assertThat(said.toString(StandardCharsets.UTF_8)).doesNotContain("picocli");
    }

    private static void showHelp(CommandLine line) {
        line.getUsageMessage();
        line.getSubcommands().values().forEach(HelpTest::showHelp);
    }
}
