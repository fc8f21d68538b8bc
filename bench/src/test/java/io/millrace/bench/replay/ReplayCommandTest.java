package io.millrace.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ReplayCommandTest {

    /** Said before a platform is started, which takes its time. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--swf x --hub atlantis | --hub is atlantis, must be one of ",
                "--swf x --limit 0 | --limit is 0, must be 1 or more",
                "--swf x --nodes y | --swf goes without --nodes and --pods",
                "--swf x --bootstrap h:1 | --bootstrap and --registry go together",
                "--limit 3 | what to replay?",
            })
    void wrongUsageIsSaid(String arguments, String said) {
        StringWriter err = new StringWriter();
        CommandLine replay = new CommandLine(new ReplayCommand()).setErr(new PrintWriter(err, true));
        assertThat(replay.execute(arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(said);
    }
}
