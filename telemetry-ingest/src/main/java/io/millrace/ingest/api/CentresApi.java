package io.millrace.ingest.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.millrace.ingest.capacity.Ids;
import io.millrace.ingest.stream.IngestTopology;
import io.millrace.ingest.stream.ProfileCheck;
import io.millrace.runtime.AvroJson;
import io.millrace.runtime.Json;
import io.millrace.runtime.ProblemException;
import io.millrace.schemas.AdmissionStatus;
import io.millrace.schemas.CentreProfile;
import io.millrace.schemas.CentreReport;
import io.millrace.schemas.Codec;
import io.millrace.schemas.Decoded;
import io.millrace.schemas.Kind;
import io.millrace.schemas.Pool;
import io.millrace.schemas.Precision;
import io.millrace.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Centres as they are on record, and what they last said of their site. Thread-safe. */
final class CentresApi {
    private static final long MILLI = 1_000;
    private static final Duration POLL = Duration.ofMillis(5);

    private final Services services;
    private final ProfileCheck check;
    private final Codec<CentreProfile> profiles;
    private final Codec<CentreReport> reports;

    CentresApi(Services services) {
        this.services = services;
        this.check = new ProfileCheck(services.settings().markets());
        this.profiles = services.codecs().of(Topics.CENTRES_PROFILES);
        this.reports = services.codecs().of(Topics.TELEMETRY_CENTRES);
    }

    void list(Context call) {
        requireStarted();
        ObjectNode answer = Json.object();
        ArrayNode centres = answer.putArray("centres");
        services.profiles().all().forEach(profile -> centres.add(AvroJson.write(profile)));
        Json.answer(call, 200, answer);
    }

    void get(Context call) {
        requireStarted();
        String centreId = call.pathParam("id");
        CentreProfile profile = services.profiles().profile(centreId);
        if (profile == null) {
            throw new ProblemException(
                    404, "Not Found", "no profile of centre " + Ids.shown(centreId) + " is on record");
        }
        ObjectNode answer = Json.object();
        answer.set("profile", AvroJson.write(profile));
        try {
            answer.set(
                    "site",
                    services.tables()
                            .ask(
                                    call,
                                    IngestTopology.SITES,
                                    centreId,
                                    call.path(),
                                    () -> Optional.of(siteHere(centreId)))
                            // Another instance answers as this one would: with the profile around the site.
                            .map(found -> found.has("site") ? found.get("site") : found)
                            .orElseGet(Json::object));
        } catch (ProblemException moving) {
            // The profile is here; only what the centre last said is elsewhere for the moment.
            answer.putObject("site").put("unavailable", String.valueOf(moving.getMessage()));
        }
        Json.answer(call, 200, answer);
    }

    /** The last report with what follows from it; an empty object if there is none. */
    private JsonNode siteHere(String centreId) {
        byte[] bytes = services.tables().here(IngestTopology.SITES).get(centreId);
        if (bytes == null || !(reports.decode(bytes) instanceof Decoded.Value<CentreReport> decoded)) {
            return Json.object();
        }
        CentreReport report = decoded.value();
        ObjectNode site = AvroJson.write(report);
        site.put("puePermille", ratio(report.getFacilityPowerWatts(), report.getItPowerWatts()));
        site.put("storageUsedPermille", ratio(report.getStorageUsedGib(), report.getStorageTotalGib()));
        return site;
    }

    /** Thousandths, rounded half up; null without a whole. */
    private static @Nullable Long ratio(long part, long whole) {
        return whole == 0 ? null : (part * MILLI + whole / 2) / whole;
    }

    void put(Context call) {
        requireStarted();
        CentreProfile profile = read(call);
        CentreProfile before = services.profiles().profile(profile.getCentreId());
        if (before != null) {
            // What does not change anything does not change its time either.
            CentreProfile same = CentreProfile.newBuilder(profile)
                    .setUpdatedAtMillis(before.getUpdatedAtMillis())
                    .build();
            if (same.equals(before)) {
                answer(call, 200, before, List.of(), true);
                return;
            }
            // Of two profiles the later is followed, whatever the clocks of those who wrote them say.
            profile.setUpdatedAtMillis(Math.max(profile.getUpdatedAtMillis(), before.getUpdatedAtMillis() + 1));
        }
        Writing.await(
                List.of(services.outbox()
                        .send(Topics.CENTRES_PROFILES.name(), profile.getCentreId(), profiles.encode(profile))),
                services.writeTimeout(),
                "send it again");
        List<String> changes = before == null
                ? List.of()
                : Changes.between(AvroJson.write(before), AvroJson.write(profile), "updatedAtMillis");
        answer(call, before == null ? 201 : 200, profile, changes, inForce(profile));
    }

    private CentreProfile read(Context call) {
        String centreId = call.pathParam("id");
        if (!(Json.body(call) instanceof ObjectNode body)) {
            throw new ProblemException(400, "Invalid CentreProfile", "expected an object: a CentreProfile");
        }
        JsonNode named = body.path("centreId");
        if (!named.isMissingNode() && !centreId.equals(named.asText())) {
            throw new ProblemException(
                    400,
                    "Invalid CentreProfile",
                    "centreId is " + Ids.shown(named.asText()) + "; the path says " + Ids.shown(centreId));
        }
        body.put("centreId", centreId);
        body.put("updatedAtMillis", services.clock().getAsLong());
        CentreProfile profile = AvroJson.require(body, CentreProfile.class);
        List<String> problems = new ArrayList<>(check.problems(profile));
        problems.addAll(unknowns(profile));
        if (!problems.isEmpty()) {
            throw new ProblemException(
                    400, "Invalid CentreProfile", String.join("; ", problems), Map.of("errors", problems));
        }
        return profile;
    }

    /** Words younger than a reader read as UNKNOWN; nobody may write it. */
    private static List<String> unknowns(CentreProfile profile) {
        List<String> problems = new ArrayList<>();
        if (profile.getAdmission() == AdmissionStatus.UNKNOWN) {
            problems.add("admission must be said: APPLIED, ADMITTED, PROBATION or EXITED");
        }
        for (int index = 0; index < profile.getPools().size(); index++) {
            Pool pool = profile.getPools().get(index);
            if (pool.getKind() == Kind.UNKNOWN) {
                problems.add("pools[" + index + "].kind must be said: GENERAL, INTELLIGENT, SUPER or QUANTUM");
            }
            if (pool.getPeaks().stream().anyMatch(peak -> peak.getPrecision() == Precision.UNKNOWN)) {
                problems.add("pools[" + index + "].peaks: the precision of each must be said");
            }
        }
        return problems;
    }

    /** Waits until this instance follows the profile, so that who wrote it can go on to report. */
    private boolean inForce(CentreProfile profile) {
        long deadline = System.nanoTime() + services.writeTimeout().toNanos();
        while (System.nanoTime() - deadline < 0) {
            CentreProfile known = services.profiles().profile(profile.getCentreId());
            if (known != null && known.getUpdatedAtMillis() >= profile.getUpdatedAtMillis()) {
                return true;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return false;
    }

    /** Before all profiles are read, "there is none" would be a lie. */
    private void requireStarted() {
        services.tables().here(IngestTopology.SUMMARIES);
    }

    private static void answer(Context call, int status, CentreProfile profile, List<String> changes, boolean inForce) {
        ObjectNode answer = Json.object();
        answer.set("profile", AvroJson.write(profile));
        changes.forEach(answer.putArray("changes")::add);
        Json.answer(call, status, answer.put("inForce", inForce));
    }
}
