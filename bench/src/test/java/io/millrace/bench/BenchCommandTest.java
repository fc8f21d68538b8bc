package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Collection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class BenchCommandTest {
    static Collection<CommandLine> commands() {
        CommandLine bench = new CommandLine(new BenchCommand());
        assertThat(bench.getSubcommands()).hasSizeGreaterThan(3);
        return bench.getSubcommands().values();
    }

    /** Descriptions are formats: a per cent sign alone makes a warning of the help. */
    @ParameterizedTest
    @MethodSource("commands")
    void theHelpIsAFormat(CommandLine command) {
        for (String line : command.getCommandSpec().usageMessage().description()) {
            assertThatCode(() -> String.format(line)).as(line).doesNotThrowAnyException();
        }
        for (CommandLine.Model.OptionSpec option : command.getCommandSpec().options()) {
            for (String line : option.description()) {
                assertThatCode(() -> String.format(line)).as(line).doesNotThrowAnyException();
            }
        }
    }
}
