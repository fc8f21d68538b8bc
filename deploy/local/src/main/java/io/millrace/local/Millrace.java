package io.millrace.local;

import io.millrace.local.client.AuditCommand;
import io.millrace.local.client.CapacityCommand;
import io.millrace.local.client.ExplainCommand;
import io.millrace.local.client.SubmitCommand;
import io.millrace.local.client.WatchCommand;
import io.millrace.local.client.WhatIfCommand;
import io.millrace.local.terminal.Terminal;
import io.millrace.local.up.UpCommand;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/**
 * The command line. Its own commands start the platform and talk to it; {@link Subcommand others} come from the modules on
 * the class path.
 *
 * <p>Exit codes: 0 done, 1 failed (a message says why), 2 wrong usage; a command may have others and says so in its help.
 */
@Command(
        name = "millrace",
        description = "A streaming compute brokerage: telemetry in, decisions and metered use out.",
        mixinStandardHelpOptions = true,
        versionProvider = Millrace.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UpCommand.class,
            CapacityCommand.class,
            SubmitCommand.class,
            WatchCommand.class,
            ExplainCommand.class,
            AuditCommand.class,
            WhatIfCommand.class
        })
public final class Millrace implements Runnable {
    private static final int FAILED = 1;
    private static final String LOG_CONFIGURATION = "log4j2.configurationFile";

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show where an error comes from.")
    private boolean verbose;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** The version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Millrace.class.getPackage().getImplementationVersion();
            return new String[] {"millrace " + (version == null ? "(unpackaged build)" : version)};
        }
    }

    /** Runs the command named by the arguments and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // Before the first logger is made: what runs here logs into a file of the data folder, or not at all.
        if (System.getProperty(LOG_CONFIGURATION) == null) {
            System.setProperty(LOG_CONFIGURATION, "classpath:millrace-log4j2.xml");
        }
        // Figures and times are for programs, too.
        Locale.setDefault(Locale.ROOT);
        System.exit(commandLine(Terminal.detect())
                .setOut(writer(System.out))
                .setErr(writer(System.err))
                .execute(arguments));
    }

    /** Over the stream itself: a writer that stands between would never learn that whoever reads, head say, has gone. */
    static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }

    /** The command line, for this kind of output. */
    public static CommandLine commandLine(Terminal terminal) {
        Millrace root = new Millrace();
        CommandLine line = new CommandLine(root);
        for (Subcommand command : ServiceLoader.load(Subcommand.class)) {
            line.addSubcommand(command);
        }
        line.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        line.setParameterExceptionHandler((e, arguments) -> wrongUsage(e));
        line.setExecutionExceptionHandler((e, command, parsed) -> root.failed(command, e));
        return line;
    }

    /** Without a command: what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static int wrongUsage(ParameterException e) {
        CommandLine command = e.getCommandLine();
        command.getErr().println(command.getColorScheme().errorText("millrace: " + e.getMessage()));
        CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr());
        return showHelp(command);
    }

    private static int showHelp(CommandLine command) {
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private int failed(CommandLine command, Exception e) {
        String message = e instanceof UserError
                ? e.getMessage()
                : "something went wrong that is no mistake of yours: " + e
                        + (verbose ? "" : " (--verbose shows where)");
        command.getErr().println(command.getColorScheme().errorText("millrace: " + message));
        if (verbose) {
            e.printStackTrace(command.getErr());
        }
        return e instanceof UserError mistake && mistake.isOfUsage() ? showHelp(command) : FAILED;
    }
}
