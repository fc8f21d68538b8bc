package io.millrace.broker.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.market.ComputeSpec;
import io.millrace.broker.market.SpecBuilder;
import io.millrace.broker.placement.Grant;
import io.millrace.broker.placement.IntVector;
import io.millrace.broker.placement.Misfit;
import io.millrace.broker.placement.NodeOffer;
import io.millrace.broker.placement.NodeOfferBuilder;
import io.millrace.broker.placement.Relaxation;
import io.millrace.broker.placement.Shortfall;
import io.millrace.broker.placement.Storage;
import io.millrace.schemas.Explanation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Storage is read as it was written, and a record from before there was any reads as none. */
class StorageCodecTest {

    @Test
    void ofASpec() {
        ComputeSpec spec = SpecBuilder.gpus(2).storage(3, 4).spec();
        assertThat(SpecCodec.read(SpecCodec.write(spec))).isEqualTo(spec);
    }

    @Test
    void ofASpecThatSaysNothingOfIt() {
        io.millrace.schemas.ComputeSpec old = io.millrace.schemas.ComputeSpec.newBuilder()
                .setDevices(1)
                .setDurationSeconds(60)
                .build();
        assertThat(SpecCodec.read(old).storage()).isSameAs(Storage.NONE);
        assertThat(SpecCodec.read(old).demand().storage()).isSameAs(Storage.NONE);
    }

    @Test
    void ofGrants() {
        List<Grant> grants = List.of(
                new Grant("a", "c1", "A100", 2, IntVector.of(0, 1), 1000, 5, 6, 7, 8, new Storage(9, 10)),
                new Grant("b", "c1", "A100", 1, IntVector.of(2), 1000, 5, 6, 7));
        assertThat(GrantCodec.read(GrantCodec.write(grants))).isEqualTo(grants);
    }

    @Test
    void ofAnOffer() {
        NodeOffer offer = NodeOfferBuilder.node("a")
                .storage(1_000, 2_000)
                .sellsStorage(300, 400)
                .offer();
        assertThat(OfferCodec.read(OfferCodec.write(offer, "gansu"))).isEqualTo(offer);
    }

    @Test
    void ofWhatIsMissing() {
        Shortfall shortfall = new Shortfall(
                List.of(new Misfit.Removed("storage", 2)),
                List.of(new Shortfall.Rejected("a", 1, 2, 3, new Storage(4, 5))),
                List.of(
                        new Relaxation(Relaxation.What.STORAGE, "", 6, true, 7),
                        new Relaxation(Relaxation.What.STORAGE_BANDWIDTH, "", 8, false, 9)));
        Explanation written = new Explanation();
        ShortfallCodec.write(shortfall, written);
        assertThat(ShortfallCodec.read(written)).isEqualTo(shortfall);
    }
}
