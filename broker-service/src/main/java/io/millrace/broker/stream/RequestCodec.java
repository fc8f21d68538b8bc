package io.millrace.broker.stream;

import io.millrace.broker.market.Request;
import io.millrace.schemas.RequestState;
import io.millrace.schemas.RequestStatus;

/** {@link Request} and the record that the market's store keeps of it. */
final class RequestCodec {
    private RequestCodec() {}

    static Request read(RequestState state) {
        return new Request(
                state.getRequestId(),
                state.getAccountId(),
                SpecCodec.read(state.getSpec()),
                Request.Status.valueOf(state.getStatus().name()),
                ExplanationCodec.reason(state.getReason()),
                GrantCodec.read(state.getGrants()),
                state.getAllocationNumber(),
                state.getSinceMillis(),
                state.getUntilMillis(),
                state.getRemainingMillis(),
                state.getQueueRank(),
                acceptedAtMillis(state),
                state.getDecisionSequence(),
                state.getDecidedAtMillis(),
                state.getAttempt(),
                ExplanationCodec.read(state.getExplanation()));
    }

    /** Of an accepted request that an older release wrote, the start of its last wait or allocation. */
    private static long acceptedAtMillis(RequestState state) {
        long acceptedAtMillis = state.getAcceptedAtMillis();
        boolean accepted = state.getStatus() != RequestStatus.REFUSED && state.getStatus() != RequestStatus.DEFLECTED;
        return accepted && acceptedAtMillis == 0 ? state.getSinceMillis() : acceptedAtMillis;
    }

    static RequestState write(Request request, String marketId) {
        return new RequestState(
                request.requestId(),
                request.accountId(),
                marketId,
                SpecCodec.write(request.spec()),
                RequestStatus.valueOf(request.status().name()),
                ExplanationCodec.reason(request.reason()),
                GrantCodec.write(request.grants()),
                request.allocationNumber(),
                request.sinceMillis(),
                request.untilMillis(),
                request.remainingMillis(),
                request.queueRank(),
                request.decisionSequence(),
                request.decidedAtMillis(),
                request.acceptedAtMillis(),
                request.attempt(),
                ExplanationCodec.write(request.explanation()));
    }
}
