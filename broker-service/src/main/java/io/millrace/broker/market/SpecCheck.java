package io.millrace.broker.market;

import io.millrace.broker.placement.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request must be like before anything is placed. Names the field, what came and what is allowed. Pure, so that
 * the API can say the same to a tenant at once that a market would say later.
 */
public final class SpecCheck {
    static final int MAX_REPLICAS = 10_000;
    static final int MAX_DEVICES = 1_024;
    static final long MAX_CPU_MILLICORES = 1_000_000_000L;
    static final long MAX_MEMORY_MIB = 1_000_000_000L;
    static final long MAX_STORAGE_GIB = 1_000_000_000L;
    static final long MAX_STORAGE_MIB_PER_SECOND = 1_000_000_000L;
    static final long MAX_DURATION_SECONDS = 10L * 366 * 24 * 3600;
    static final long MAX_WAIT_SECONDS = 366L * 24 * 3600;
    /** The end of the year 9999. */
    static final long MAX_TIME_MILLIS = 253_402_300_799_999L;

    static final int MAX_LIST = 64;
    static final int MAX_TEXT = 128;
    private static final String ID_PUNCTUATION = "._-:";

    private SpecCheck() {}

    /** What is wrong with this request first of all, or null. */
    static @Nullable String problem(String requestId, String accountId, ComputeSpec spec) {
        List<String> problems = problems(requestId, accountId, spec);
        return problems.isEmpty() ? null : problems.get(0);
    }

    /** All that is wrong with this request, in the order of its fields; empty if a market will look at it. */
    public static List<String> problems(String requestId, String accountId, ComputeSpec spec) {
        List<String> problems = present(
                idProblem("requestId", requestId),
                AccountId.problem("accountId", accountId),
                kindProblem(spec),
                range("replicas", spec.replicas(), 1, MAX_REPLICAS),
                range("devices", spec.devices(), 0, MAX_DEVICES),
                range("milliPerDevice", spec.milliPerDevice(), 1, 1000),
                range("cpuMillicores", spec.cpuMillicores(), 0, MAX_CPU_MILLICORES),
                range("memoryMib", spec.memoryMib(), 0, MAX_MEMORY_MIB),
                range("storageGib", spec.storage().gib(), 0, MAX_STORAGE_GIB),
                range("storageMibPerSecond", spec.storage().mibPerSecond(), 0, MAX_STORAGE_MIB_PER_SECOND),
                range("durationSeconds", spec.durationSeconds(), 1, MAX_DURATION_SECONDS),
                range("maxWaitSeconds", spec.maxWaitSeconds(), 0, MAX_WAIT_SECONDS),
                texts("models", spec.models(), MAX_LIST),
                texts("hubs", spec.hubs(), MAX_LIST),
                price(spec.maxPriceMicroCnyPerHour()),
                deadline(spec.deadlineMillis()),
                consistency(spec),
                OpenCheck.need(spec),
                OpenCheck.latitude(spec),
                OpenCheck.quantum(spec));
        if (spec.siting() == null) {
            return problems;
        }
        problems = new ArrayList<>(problems);
        problems.addAll(SitingCheck.problems(spec.siting()));
        return List.copyOf(problems);
    }

    private static @Nullable String kindProblem(ComputeSpec spec) {
        return spec.kind() == Kind.UNKNOWN
                ? "kind is UNKNOWN, must be a kind that is known here, or none for any"
                : null;
    }

    private static @Nullable String consistency(ComputeSpec spec) {
        if (spec.milliPerDevice() < 1000 && spec.devices() > 1) {
            return "milliPerDevice is " + spec.milliPerDevice() + " with " + spec.devices()
                    + " devices: only a single device can be shared";
        }
        if (spec.devices() == 0 && spec.cpuMillicores() == 0) {
            return "neither devices nor cpuMillicores: nothing to compute on is asked";
        }
        return null;
    }

    private static @Nullable String price(@Nullable Long price) {
        return price == null ? null : range("maxPriceMicroCnyPerHour", price, 0, Long.MAX_VALUE);
    }

    private static @Nullable String deadline(@Nullable Long deadline) {
        return deadline == null ? null : range("deadlineMillis", deadline, 1, MAX_TIME_MILLIS);
    }

    static @Nullable String range(String field, long value, long min, long max) {
        return value < min || value > max ? field + " is " + value + ", must be " + min + " to " + max : null;
    }

    /** What is wrong with an id that a tenant chose, or null. */
    public static @Nullable String idProblem(String field, String value) {
        if (value.isEmpty() || value.length() > MAX_TEXT) {
            return field + " has " + value.length() + " characters, must have 1 to " + MAX_TEXT;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean allowed = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || ID_PUNCTUATION.indexOf(c) >= 0;
            if (!allowed) {
                return field + " has a character at " + i + " that is not a letter, digit or one of . _ - :";
            }
        }
        return null;
    }

    static @Nullable String texts(String field, List<String> values, int most) {
        if (values.size() > most) {
            return field + " has " + values.size() + " entries, may have " + most;
        }
        for (String value : values) {
            if (value.isEmpty() || value.length() > MAX_TEXT) {
                return field + " has an entry of " + value.length() + " characters, must have 1 to " + MAX_TEXT;
            }
        }
        return null;
    }

    private static List<String> present(@Nullable String... problems) {
        List<String> present = new ArrayList<>();
        for (String problem : problems) {
            if (problem != null) {
                present.add(problem);
            }
        }
        return List.copyOf(present);
    }
}
