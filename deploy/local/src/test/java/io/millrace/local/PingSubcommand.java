package io.millrace.local;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command from another module, as the tests see one. */
@Command(name = "ping")
public final class PingSubcommand implements Subcommand {
    @Option(names = "--times")
    private int times = 1;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().print("pong\n".repeat(times));
        spec.commandLine().getOut().flush();
        return 7;
    }
}
