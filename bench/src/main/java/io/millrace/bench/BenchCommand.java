package io.millrace.bench;

import io.millrace.bench.core.CoreCommand;
import io.millrace.bench.pipeline.PipelineCommand;
import io.millrace.bench.placement.PlacementCommand;
import io.millrace.bench.placement.TurnoverCommand;
import io.millrace.bench.queue.QueueCommand;
import io.millrace.local.Subcommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code millrace bench}, which is the sum of those below it. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures. Every figure in the README comes from one of these.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            PipelineCommand.class,
            CoreCommand.class,
            PlacementCommand.class,
            TurnoverCommand.class,
            QueueCommand.class
        })
public final class BenchCommand implements Subcommand {
    @Spec
    private CommandSpec spec;

    /** Without a command: what there is. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getOut());
        return 0;
    }
}
