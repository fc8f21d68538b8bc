package io.millrace.local;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command from another module, as the tests see one; it logs as soon as there is a command line, before any command runs. */
@Command(name = "ping")
public final class PingSubcommand implements Subcommand {
    private static final Logger LOG = LoggerFactory.getLogger(PingSubcommand.class);

    @Option(names = "--times")
    private int times = 1;

    @Spec
    private CommandSpec spec;

    /** As its registration finds it. */
    public PingSubcommand() {
        LOG.info("There is a ping");
    }

    @Override
    public Integer call() {
        spec.commandLine().getOut().print("pong\n".repeat(times));
        spec.commandLine().getOut().flush();
        return 7;
    }
}
