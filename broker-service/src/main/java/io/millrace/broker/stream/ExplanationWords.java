package io.millrace.broker.stream;

import io.millrace.broker.market.Reason;
import io.millrace.broker.placement.Shortfall;
import io.millrace.schemas.Deflection;
import io.millrace.schemas.Explanation;
import io.millrace.schemas.Relaxation;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts an explanation into words, where somebody is told: the logs keep it as data. */
public final class ExplanationWords {
    /** The reason of what was granted, of which there is nothing to say. */
    private static final String GRANTED = Reason.NONE.name();

    private static final Comparator<Relaxation> SMALLEST_FIRST = Comparator.comparingInt(Relaxation::getChangePermille)
            .thenComparing(Relaxation::getKind)
            .thenComparing(Relaxation::getName)
            .thenComparing(Relaxation::getNow, Comparator.reverseOrder());

    private ExplanationWords() {}

    /** Adds the words that are not there yet; a reason or a change younger than this release stays without. */
    public static void tell(String reason, Explanation explanation) {
        if (reason.equals(GRANTED)) {
            return;
        }
        if (explanation.getWouldFit().isEmpty()) {
            explanation.setWouldFit(explanation.getRelaxations().stream()
                    .map(ExplanationWords::of)
                    .filter(words -> !words.isEmpty())
                    .collect(Collectors.joining("; or ")));
        }
        if (explanation.getSummary().isEmpty()) {
            explanation.setSummary(FigureWords.budget(explanation.getFigures()));
        }
        if (explanation.getSummary().isEmpty()) {
            explanation.setSummary(sentence(reason, explanation));
        }
    }

    /**
     * Adds what would fit in the markets that were asked before: a tenant looks for the smallest change, wherever it is.
     *
     * @param reason of the answer
     * @param explanation with its words, which are told anew if there is something to add
     */
    public static void addThoseOf(List<Deflection> deflections, String reason, Explanation explanation) {
        List<Relaxation> all = new ArrayList<>(explanation.getRelaxations());
        deflections.forEach(deflection -> all.addAll(deflection.getExplanation().getRelaxations()));
        if (all.size() == explanation.getRelaxations().size()) {
            return;
        }
        all.sort(SMALLEST_FIRST);
        Set<String> seen = new HashSet<>();
        all.removeIf(change -> !seen.add(change.getKind() + " " + change.getName()));
        boolean generated = explanation.getSummary().equals(sentence(reason, explanation));
        explanation.setRelaxations(
                all.stream().limit(Shortfall.MOST_RELAXATIONS).toList());
        explanation.setWouldFit("");
        if (generated) {
            explanation.setSummary("");
        }
        tell(reason, explanation);
    }

    private static String sentence(String reason, Explanation explanation) {
        for (Reason known : Reason.values()) {
            if (known.name().equals(reason)) {
                return io.millrace.broker.market.Explanation.sentence(
                        known, explanation.getNodesConsidered(), explanation.getWouldFit());
            }
        }
        return "";
    }

    /** A change in words, e.g. "now: at most 2 devices per replica" or "wait until 2026-03-01T14:20:00Z". */
    static String of(Relaxation change) {
        String words = switch (change.getKind()) {
            case DEVICES -> "at most " + counted(change.getAmount(), "device") + " per replica";
            case SHARE -> "at most " + change.getAmount() + " thousandths of a device per replica";
            case REPLICAS -> "at most " + counted(change.getAmount(), "replica") + " of this size";
            case CPU -> "at most " + counted(change.getAmount(), "millicore") + " per replica";
            case MEMORY -> "at most " + change.getAmount() + " MiB per replica";
            case STORAGE -> "at most " + change.getAmount() + " GiB of storage per replica";
            case STORAGE_BANDWIDTH -> "at most " + change.getAmount() + " MiB/s of storage bandwidth per replica";
            case PRICE -> "a highest price of " + cny(change.getAmount()) + " CNY per hour";
            case MODEL -> "allow " + change.getName();
            case KIND -> "allow the kind " + change.getName().toLowerCase(Locale.ROOT);
            case TERM -> "a term of at most " + counted(change.getAmount(), "second");
            case WAIT -> "wait until " + second(change.getAmount());
            case UNKNOWN -> "";
        };
        boolean saysWhen = change.getKind() == io.millrace.schemas.RelaxationKind.WAIT;
        return words.isEmpty() || saysWhen || !change.getNow() ? words : "now: " + words;
    }

    private static String counted(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static String cny(long microCny) {
        BigDecimal exact = BigDecimal.valueOf(microCny, 6).stripTrailingZeros();
        return exact.setScale(Math.max(2, exact.scale())).toPlainString();
    }

    /** Rounded up: at this second it is there. */
    private static String second(long millis) {
        return Instant.ofEpochMilli(millis + 999)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }
}
