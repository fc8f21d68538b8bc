package io.millrace.local.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.local.UserError;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** What a further part of a request wants: the options of a spec, in one argument. */
@Command(name = "--part")
final class PartOptions {
    @Mixin
    private SpecOptions wanted;

    private PartOptions() {}

    /**
     * Reads a part, by the rules of the command line that it stands on.
     *
     * @throws UserError if it is not made of options of a spec
     */
    static ObjectNode parse(String text, CommandLine within) {
        PartOptions part = new PartOptions();
        CommandLine options =
                new CommandLine(part).setCaseInsensitiveEnumValuesAllowed(within.isCaseInsensitiveEnumValuesAllowed());
        try {
            options.parseArgs(text.strip().split("\\s+"));
            return part.wanted.toJson(JsonNodeFactory.instance.objectNode());
        } catch (ParameterException | UserError e) {
            throw UserError.ofUsage("--part \"" + text + "\": " + e.getMessage(), e);
        }
    }
}
