package io.millrace.ingest.stream;

import io.millrace.ingest.capacity.ReportCheck;
import io.millrace.ingest.capacity.SiteCheck;
import io.millrace.runtime.Partitions;
import io.millrace.runtime.Patience;
import io.millrace.runtime.PatientCodec;
import io.millrace.schemas.CapacitySummary;
import io.millrace.schemas.CentreProfile;
import io.millrace.schemas.CentreReport;
import io.millrace.schemas.CentreSite;
import io.millrace.schemas.Codecs;
import io.millrace.schemas.NodeCapacity;
import io.millrace.schemas.NodeReport;
import io.millrace.schemas.NodeState;
import io.millrace.schemas.PoolShare;
import io.millrace.schemas.RejectedRecord;
import io.millrace.schemas.Topics;
import java.util.function.IntPredicate;

/**
 * What all tasks of an instance share: codecs, checks, profiles, counters. Everything in it is thread-safe.
 *
 * @param settings what an operator set
 * @param partitions of the topics that come from outside
 * @param profiles of all centres
 * @param spoiled what is no profile, and should be
 * @param metrics of this instance
 * @param audible whether a partition of the reports can be heard at all: false while its broker does not answer
 * @param reports records of telemetry.reports
 * @param centres records of telemetry.centres
 * @param profileRecords records of centres.profiles
 * @param sites records of centres.sites
 * @param rejected records of telemetry.rejected
 * @param capacities records of capacity.nodes
 * @param summaries records of capacity.summaries
 * @param states of nodes, as stored
 * @param shares of pools, as stored and sent
 */
record Parts(
        StreamSettings settings,
        Partitions partitions,
        Profiles profiles,
        SpoiledProfiles spoiled,
        IngestMetrics metrics,
        IntPredicate audible,
        PatientCodec<NodeReport> reports,
        PatientCodec<CentreReport> centres,
        PatientCodec<CentreProfile> profileRecords,
        PatientCodec<CentreSite> sites,
        PatientCodec<RejectedRecord> rejected,
        PatientCodec<NodeCapacity> capacities,
        PatientCodec<CapacitySummary> summaries,
        PatientCodec<NodeState> states,
        PatientCodec<PoolShare> shares) {

    static Parts of(
            StreamSettings settings,
            Codecs codecs,
            Partitions partitions,
            Patience patience,
            Profiles profiles,
            IngestMetrics metrics,
            IntPredicate audible) {
        return new Parts(
                settings,
                partitions,
                profiles,
                new SpoiledProfiles(),
                metrics,
                audible,
                new PatientCodec<>(codecs.of(Topics.TELEMETRY_REPORTS), patience),
                new PatientCodec<>(codecs.of(Topics.TELEMETRY_CENTRES), patience),
                new PatientCodec<>(codecs.of(Topics.CENTRES_PROFILES), patience),
                new PatientCodec<>(codecs.of(Topics.CENTRES_SITES), patience),
                new PatientCodec<>(codecs.of(Topics.TELEMETRY_REJECTED), patience),
                new PatientCodec<>(codecs.of(Topics.CAPACITY_NODES), patience),
                new PatientCodec<>(codecs.of(Topics.CAPACITY_SUMMARIES), patience),
                new PatientCodec<>(codecs.state(NodeState.class), patience),
                new PatientCodec<>(codecs.state(PoolShare.class), patience));
    }

    ReportCheck reportCheck() {
        return new ReportCheck(settings.window());
    }

    SiteCheck siteCheck() {
        return new SiteCheck(settings.window());
    }
}
