package io.millrace.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.catalogue.Catalogue;
import io.millrace.broker.catalogue.DeviceModel;
import io.millrace.broker.catalogue.Need;
import io.millrace.broker.catalogue.Precision;
import io.millrace.broker.catalogue.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The catalogue that is built in, and how an operator extends it. */
class BuiltInCatalogueTest {
    private static final Catalogue BUILT_IN = new BrokerConfig(Map.of()).catalogue();
    private static final Map<String, DeviceModel> MODELS =
            BUILT_IN.models().stream().collect(Collectors.toMap(DeviceModel::name, Function.identity()));

    private static DeviceModel model(String name) {
        return MODELS.getOrDefault(
                name, new DeviceModel(name, "", 0, 0, "", 0, Map.of(), DeviceModel.Basis.REPORTED, "missing"));
    }

    @Test
    void hasTheCommonMakers() {
        assertThat(MODELS.values())
                .extracting(DeviceModel::vendor)
                .contains("NVIDIA", "AMD", "Intel", "Huawei", "Cambricon", "Hygon", "Kunlunxin", "Sunway");
    }

    /** Figures of data sheets that everybody can look up: a slip of a column would show. */
    @Test
    void hasThePublishedFigures() {
        assertThat(model("A100-80G").peakGigaOps(Precision.FP64)).isEqualTo(9_700);
        assertThat(model("A100-80G").peakGigaOps(Precision.BF16)).isEqualTo(312_000);
        assertThat(model("A100-80G").peakGigaOps(Precision.INT4)).isEqualTo(1_248_000);
        assertThat(model("A100-80G").peakGigaOps(Precision.FP8)).isZero();
        assertThat(model("V100-32G").peakGigaOps(Precision.BF16)).isZero();
        assertThat(model("H100-80G").peakGigaOps(Precision.FP8)).isEqualTo(1_979_000);
        assertThat(model("MI300X").peakGigaOps(Precision.FP64)).isEqualTo(81_700);
        assertThat(model("MLU370-X8").peakGigaOps(Precision.INT8)).isEqualTo(256_000);
        assertThat(model("910B").peakGigaOps(Precision.FP64)).isZero();
        assertThat(BUILT_IN.powerWatts("A100-80G")).isEqualTo(400);
        assertThat(BUILT_IN.powerWatts("H100-80G")).isEqualTo(700);
        assertThat(BUILT_IN.powerWatts("T4")).isEqualTo(70);
    }

    /** What cannot hold of any device: integers slower than floats of twice their width, or TF32 faster than BF16. */
    @Test
    void noFigureContradictsAnother() {
        for (DeviceModel each : MODELS.values()) {
            atMost(each, Precision.FP64, Precision.FP32);
            atMost(each, Precision.TF32, Precision.BF16);
            atMost(each, Precision.BF16, Precision.FP16);
            atMost(each, Precision.FP16, Precision.INT8);
            atMost(each, Precision.INT8, Precision.INT4);
        }
    }

    private static void atMost(DeviceModel model, Precision slow, Precision fast) {
        if (model.peakGigaOps(slow) > 0 && model.peakGigaOps(fast) > 0) {
            assertThat(model.peakGigaOps(slow))
                    .as("%s: %s against %s", model.name(), slow, fast)
                    .isLessThanOrEqualTo(model.peakGigaOps(fast));
        }
    }

    @Test
    void workThatNeedsDoublePrecisionIsNotSentToChipsThatStopAtSingle() {
        List<String> models = BUILT_IN.resolve(new Need(Precision.FP64, 0, 0, 0, null), List.of(), 1000, 1, 1)
                .get(0)
                .models();
        assertThat(models).contains("A100-80G", "MI300X", "K100").doesNotContain("910B", "MLU370-X8", "L40S", "T4");
    }

    @Test
    void inferenceGoesToTheOldestThatHaveThePrecision() {
        assertThat(BUILT_IN.resolve(new Need(Precision.INT8, 0, 0, 0, Workload.INFERENCE), List.of(), 1000, 1, 1))
                .first()
                .satisfies(first -> assertThat(first.models()).containsExactly("T4"));
    }

    @Test
    void anOperatorAddsModels(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("mine.csv"), """
                model,vendor,year,memoryGib,interconnect,FP64,FP32,TF32,BF16,FP16,FP8,INT8,INT4,basis,source
                X1,Own,2026,512,,,,,4000,4000,,,,DATASHEET,own measurements
                """);
        Catalogue extended = new BrokerConfig(Map.of(BrokerConfig.CATALOGUE_DEVICES_FILE, file.toString())).catalogue();
        assertThat(extended.resolve(new Need(null, 0, 0, 500, null), List.of(), 1000, 1, 1)
                        .get(0)
                        .models())
                .containsExactly("X1");
        assertThat(extended.models()).hasSize(MODELS.size() + 1);
    }

    @Test
    void aFileThatIsNotThereOrWrongStopsTheStart(@TempDir Path folder) throws IOException {
        String missing = folder.resolve("missing.csv").toString();
        assertThatThrownBy(() -> new BrokerConfig(Map.of(BrokerConfig.CATALOGUE_EFFICIENCIES_FILE, missing)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("catalogue.efficiencies.file")
                .hasMessageContaining(missing);
        Path wrong = Files.writeString(folder.resolve("wrong.csv"), "model\n");
        assertThatThrownBy(() -> new BrokerConfig(Map.of(BrokerConfig.CATALOGUE_DEVICES_FILE, wrong.toString())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("wrong.csv, line 1: the columns are [model]");
    }
}
