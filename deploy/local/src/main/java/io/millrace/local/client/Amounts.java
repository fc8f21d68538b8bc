package io.millrace.local.client;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Amounts and names as people type them, turned into the units of the contract. Wrong ones are errors of usage that say what is allowed. */
final class Amounts {
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)\\s*([a-zA-Z%]*)");
    private static final Map<String, Long> SECONDS =
            Map.of("", 1L, "s", 1L, "m", 60L, "min", 60L, "h", 3_600L, "d", 86_400L);
    private static final Map<String, Long> MIB =
            Map.of("", 1_024L, "m", 1L, "mib", 1L, "g", 1_024L, "gib", 1_024L, "t", 1_048_576L, "tib", 1_048_576L);
    private static final Map<String, Long> GIGA_OPS =
            Map.of("", 1_000L, "g", 1L, "t", 1_000L, "p", 1_000_000L, "e", 1_000_000_000L);
    private static final Map<String, Long> MILLI_OF_WHOLE = Map.of("", 1_000L, "%", 10L);

    private Amounts() {}

    /** {@code 90}, {@code 90s}, {@code 30m}, {@code 2h}, {@code 1.5d}: seconds. */
    static final class Seconds implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return parse(text, SECONDS, "a time such as 90s, 30m, 2h or 1d");
        }
    }

    /** {@code 64} or {@code 64G}: GiB; {@code 512M}, {@code 1T}: MiB. */
    static final class Mebibytes implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return parse(text, MIB, "an amount of memory such as 64G, 512M or 1T (GiB, MiB, TiB)");
        }
    }

    /** {@code 0.25} or {@code 25%}: thousandths. */
    static final class Milli implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return parse(text, MILLI_OF_WHOLE, "a number such as 0.25 or 25%");
        }
    }

    /** {@code 312T}, {@code 20P}: 10^9 operations per second; without a unit, 10^12. */
    static final class GigaOps implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return parse(
                    text, GIGA_OPS, "a throughput such as 312T, 20P or 1E (10^12, 10^15, 10^18 operations per second)");
        }
    }

    /** {@code 12.50}: millionths of a CNY. */
    static final class MicroCny implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return parse(text, Map.of("", 1_000_000L), "an amount of CNY such as 12.50");
        }
    }

    /** {@code H800,910B}: names. */
    static final class Names implements ITypeConverter<NameList> {
        @Override
        public NameList convert(String text) {
            List<String> names =
                    Arrays.stream(text.split(",", -1)).map(String::strip).toList();
            if (names.stream().anyMatch(String::isEmpty)) {
                throw new TypeConversionException(
                        "'" + text + "' holds an empty name: expected names such as a or a,b");
            }
            return new NameList(names);
        }
    }

    /** What one argument names. */
    record NameList(List<String> names) {}

    private static Long parse(String text, Map<String, Long> units, String allowed) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text.strip());
        Long unit = matcher.matches() ? units.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
        if (unit == null) {
            throw new TypeConversionException("'" + text + "' is not " + allowed);
        }
        try {
            return new BigDecimal(matcher.group(1))
                    .multiply(BigDecimal.valueOf(unit))
                    .setScale(0, RoundingMode.UNNECESSARY)
                    .longValueExact();
        } catch (ArithmeticException e) {
            throw new TypeConversionException(
                    "'" + text + "' is finer than Millrace counts, or too large: expected " + allowed);
        }
    }
}
