package io.millrace.local;

import java.util.concurrent.Callable;

/**
 * A command of {@code millrace} that another module brings along. Implementations carry picocli's {@code @Command}, have a
 * public constructor without parameters, and are named in {@code META-INF/services/io.millrace.local.Subcommand}.
 *
 * <p>{@link #call} returns the exit code. It throws {@link UserError} for what the user can put right: the message is printed,
 * and the exit code is 1.
 */
public interface Subcommand extends Callable<Integer> {}
