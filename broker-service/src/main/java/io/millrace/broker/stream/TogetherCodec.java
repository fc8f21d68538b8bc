package io.millrace.broker.stream;

import io.millrace.broker.market.Abandoned;
import io.millrace.broker.market.Reason;
import io.millrace.broker.routing.Choice;
import io.millrace.broker.routing.CoAllocation;
import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.PartPhase;
import io.millrace.schemas.PartState;
import io.millrace.schemas.Together;
import io.millrace.schemas.TogetherPhase;
import java.util.List;

/** {@link CoAllocation} and the record that intake keeps of it. */
public final class TogetherCodec {
    private TogetherCodec() {}

    /** A part that is to be asked for. */
    static PartState asked(ComputeSpec spec, Choice choice) {
        return new PartState(
                spec,
                PartPhase.ASKED,
                0,
                choice.candidates(),
                List.of(),
                List.of(),
                ScoreCodec.scores(choice.best()),
                ScoreCodec.exclusions(choice.exclusions()),
                false);
    }

    static CoAllocation read(Together together, long confirmByMillis) {
        CoAllocation whole =
                new CoAllocation(CoAllocation.Phase.valueOf(together.getPhase().name()), confirmByMillis);
        for (PartState part : together.getParts()) {
            whole.add(
                    part.getCandidates(),
                    part.getAttempt(),
                    CoAllocation.PartPhase.valueOf(part.getPhase().name()));
        }
        return whole;
    }

    /** True if all of it began, and all is over. */
    static boolean isOver(Together together) {
        return read(together, Long.MAX_VALUE).isOver();
    }

    /** Takes over what changed. */
    static void write(CoAllocation whole, Together together) {
        together.setPhase(TogetherPhase.valueOf(whole.phase().name()));
        for (int i = 0; i < together.getParts().size(); i++) {
            PartState part = together.getParts().get(i);
            part.setPhase(PartPhase.valueOf(whole.phase(i).name()));
            part.setAttempt(whole.attempt(i));
        }
    }

    /** The market that has a part, or was asked last. */
    static String market(PartState part) {
        int last = part.getCandidates().size() - 1;
        return part.getCandidates().get(Math.min(part.getAttempt(), last));
    }

    /** Of a request that was given up: why. */
    public static Abandoned whyAbandoned(Together together) {
        List<PartState> parts = together.getParts();
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).getPhase() == PartPhase.FAILED) {
                return Abandoned.because(i + 1, answers(parts.get(i)));
            }
        }
        return Abandoned.TOO_LATE;
    }

    /** What the markets said that a part was tried in. */
    static List<Reason> answers(PartState part) {
        return part.getDeflections().stream()
                .map(deflection -> ExplanationCodec.reason(deflection.getReason()))
                .toList();
    }
}
