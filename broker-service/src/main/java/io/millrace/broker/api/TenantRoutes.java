package io.millrace.broker.api;

import io.javalin.http.Context;
import io.millrace.runtime.Json;
import io.millrace.runtime.Routes;
import io.millrace.schemas.AllocationDecision;
import io.millrace.schemas.Cancel;
import io.millrace.schemas.Extend;
import io.millrace.schemas.Release;
import io.millrace.schemas.Submit;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;

/** What tenants say: submit, cancel, extend, release. */
final class TenantRoutes {
    static final String REQUESTS = "/v1/requests";
    static final String REQUEST = "/v1/requests/{id}";
    static final String EXTEND = "/v1/requests/{id}/extend";
    static final String RELEASE = "/v1/requests/{id}/release";

    static final int MAX_WAIT_MILLIS = 60_000;
    private static final String WAIT = "wait";

    private final RequestDesk desk;
    private final RecentRequests recent;

    TenantRoutes(RequestDesk desk, RecentRequests recent) {
        this.desk = desk;
        this.recent = recent;
    }

    void addTo(Routes routes) {
        routes.post(REQUESTS, this::submit);
        routes.delete(REQUEST, this::cancel);
        routes.post(EXTEND, this::extend);
        routes.post(RELEASE, this::release);
    }

    private void submit(Context context) {
        Parameters parameters = new Parameters(context);
        int wait = wait(parameters);
        parameters.check();
        RequestBody<Submit> body = RequestBody.submit(Json.body(context));
        String requestId = body.requestId() == null ? UUID.randomUUID().toString() : body.requestId();
        say(context, requestId, body.accountId(), Action.SUBMIT, body.action(), wait);
    }

    private void cancel(Context context) {
        Parameters parameters = new Parameters(context);
        String requestId = parameters.requestId();
        String accountId = parameters.requiredId("accountId");
        String reason = parameters.text("reason");
        int wait = wait(parameters);
        parameters.check();
        say(context, requestId, accountId, Action.CANCEL, new Cancel(reason == null ? "" : reason), wait);
    }

    private void extend(Context context) {
        Parameters parameters = new Parameters(context);
        String requestId = parameters.requestId();
        int wait = wait(parameters);
        parameters.check();
        RequestBody<Extend> body = RequestBody.extend(Json.body(context));
        say(context, requestId, body.accountId(), Action.EXTEND, body.action(), wait);
    }

    private void release(Context context) {
        Parameters parameters = new Parameters(context);
        String requestId = parameters.requestId();
        int wait = wait(parameters);
        parameters.check();
        RequestBody<Release> body = RequestBody.release(Json.body(context));
        say(context, requestId, body.accountId(), Action.RELEASE, body.action(), wait);
    }

    private static int wait(Parameters parameters) {
        return parameters.integer(WAIT, 0, MAX_WAIT_MILLIS, 0);
    }

    private void say(
            Context context, String requestId, String accountId, Action action, SpecificRecord body, int waitMillis) {
        Optional<AllocationDecision> decision = desk.say(requestId, accountId, action, body, waitMillis);
        if (decision.isPresent()) {
            Answers.decided(context, action, decision.get());
            return;
        }
        if (action == Action.SUBMIT) {
            recent.add(requestId);
        }
        Answers.accepted(context, requestId, action);
    }
}
