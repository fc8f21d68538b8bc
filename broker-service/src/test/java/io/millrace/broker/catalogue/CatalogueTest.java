package io.millrace.broker.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.placement.Alternative;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A catalogue of four models, made up so that every rule tells them apart. */
class CatalogueTest {
    private static final String DEVICES =
            "model,vendor,year,memoryGib,interconnect,watts,FP64,FP32,TF32,BF16,FP16,FP8,INT8,INT4,basis,source";
    private static final String EFFICIENCIES = "workload,model,permille,asOf,source";

    private static final Catalogue CATALOGUE = Catalogue.EMPTY
            .withDevices(
                    "devices",
                    List.of(
                            DEVICES,
                            "# a comment",
                            "old,ACME,2016,16,,250,5,10,,,20,,40,,DATASHEET,a sheet",
                            "plain,ACME,2020,64,,75,,20,,100.5,100,,200,,DATASHEET,a sheet",
                            "twin,BETA,2020,64,,75,,20,,100.5,100,,200,,PAPER,a paper",
                            "large,BETA,2023,128,link,,1,60,,1000,1000,2000,2000,,REPORTED,hearsay"))
            .withEfficiencies(
                    "efficiencies",
                    List.of(
                            EFFICIENCIES,
                            "TRAINING,*,300,2025-01-01,assumed",
                            "TRAINING,large,500,2025-01-01,measured",
                            "INFERENCE,*,250,2025-01-01,assumed"));

    private static List<String> resolve(Need need, int devices, int replicas, String... among) {
        return CATALOGUE.resolve(need, List.of(among), devices * 1000L, replicas, 10_000).stream()
                .map(a -> a.replicas() + "x" + a.models())
                .toList();
    }

    private static Need need(
            @Nullable Precision precision, long perDevice, long inTotal, int memoryGib, @Nullable Workload workload) {
        return new Need(precision, perDevice, inTotal, memoryGib, workload);
    }

    @Test
    void aPrecisionIsHadOrNot() {
        assertThat(resolve(need(Precision.FP64, 0, 0, 0, null), 1, 3)).containsExactly("3x[large, old]");
        assertThat(resolve(need(Precision.TF32, 0, 0, 0, null), 1, 3)).isEmpty();
    }

    @Test
    void throughputOfADeviceIsThePeakToTheLastGigaOp() {
        assertThat(resolve(need(Precision.BF16, 100_500, 0, 0, null), 1, 1)).containsExactly("1x[large, plain, twin]");
        assertThat(resolve(need(Precision.BF16, 100_501, 0, 0, null), 1, 1)).containsExactly("1x[large]");
    }

    @Test
    void withAWorkloadItIsWhatTheWorkloadGets() {
        assertThat(resolve(need(Precision.BF16, 30_150, 0, 0, Workload.TRAINING), 1, 1))
                .containsExactly("1x[large, plain, twin]");
        assertThat(resolve(need(Precision.BF16, 30_151, 0, 0, Workload.TRAINING), 1, 1))
                .containsExactly("1x[large]");
        assertThat(resolve(need(Precision.BF16, 500_001, 0, 0, Workload.TRAINING), 1, 1))
                .isEmpty();
        assertThat(resolve(need(Precision.FP64, 0, 0, 0, Workload.HPC), 1, 1))
                .as("of HPC nothing is known here")
                .isEmpty();
    }

    @Test
    void memoryOfADeviceCounts() {
        assertThat(resolve(need(null, 0, 0, 65, null), 8, 2)).containsExactly("2x[large]");
    }

    @Test
    void inTotalEveryModelNeedsItsOwnNumberOfReplicasAndTheFewestComeFirst() {
        assertThat(resolve(need(Precision.BF16, 0, 2_000_000, 0, null), 1, 1))
                .containsExactly("2x[large]", "20x[plain, twin]");
        assertThat(resolve(need(Precision.BF16, 0, 2_000_000, 0, null), 8, 1))
                .containsExactly("1x[large]", "3x[plain, twin]");
        assertThat(resolve(need(Precision.BF16, 0, 2_000_000, 0, Workload.TRAINING), 8, 1))
                .containsExactly("1x[large]", "9x[plain, twin]");
    }

    @Test
    void aModelOfWhichTooManyWouldBeNeededIsLeftOut() {
        assertThat(resolve(need(Precision.BF16, 0, 5_000_000_000L, 0, null), 1, 1))
                .containsExactly("5000x[large]");
    }

    @Test
    void aPartOfADeviceGivesThatPartOfItsThroughput() {
        assertThat(CATALOGUE.resolve(need(Precision.BF16, 0, 1_000_000, 0, null), List.of("large"), 250, 1, 100))
                .extracting(Alternative::replicas)
                .containsExactly(4);
    }

    @Test
    void forInferenceOlderDevicesComeFirst() {
        List<Alternative> alternatives =
                CATALOGUE.resolve(need(Precision.INT8, 0, 0, 0, Workload.INFERENCE), List.of(), 1000, 2, 100);
        assertThat(alternatives)
                .containsExactly(
                        new Alternative(List.of("old"), 2, "for inference older devices come first: released in 2016"),
                        new Alternative(
                                List.of("plain", "twin"),
                                2,
                                "for inference older devices come first: released in 2020"),
                        new Alternative(
                                List.of("large"), 2, "for inference older devices come first: released in 2023"));
    }

    @Test
    void filesFromBeforeThereWasPowerAreReadAsEver() {
        String columns = DEVICES.replace(",watts", "");
        String line = "new,ACME,2024,16,,5,10,,,20,,40,,DATASHEET,a sheet";
        Catalogue more = CATALOGUE.withDevices("more", List.of(columns, line));
        assertThat(more.powerWatts("new")).isZero();
        String again = "old,ACME,2016,32,,5,10,,,20,,40,,DATASHEET,a sheet";
        assertThat(CATALOGUE.withDevices("more", List.of(columns, again)).powerWatts("old"))
                .as("is still what it was")
                .isEqualTo(250);
        assertThat(more.resolve(need(Precision.FP64, 0, 0, 0, null), List.of("new"), 1000, 1, 1))
                .hasSize(1);
    }

    @Test
    void powerIsKnownOrNot() {
        assertThat(CATALOGUE.powerWatts("old")).isEqualTo(250);
        assertThat(CATALOGUE.powerWatts("large")).isZero();
        assertThat(CATALOGUE.powerWatts("unheard")).isZero();
    }

    @Test
    void onlyAmongTheModelsThatTheRequestNames() {
        assertThat(resolve(need(Precision.INT8, 0, 0, 0, Workload.INFERENCE), 1, 1, "twin", "large", "unheard"))
                .containsExactly("1x[twin]", "1x[large]");
    }

    @Test
    void aFileReplacesWhatItNamesAndKeepsTheRest() {
        Catalogue other = CATALOGUE
                .withDevices("more", List.of(DEVICES, "old,ACME,2016,32,,250,5,10,,,20,,40,,DATASHEET,another sheet"))
                .withEfficiencies("more", List.of(EFFICIENCIES, "INFERENCE,old,900,2025-02-01,measured"));
        assertThat(other.models()).hasSize(4);
        assertThat(other.resolve(need(null, 0, 0, 32, null), List.of(), 1000, 1, 1)
                        .get(0)
                        .models())
                .containsExactly("large", "old", "plain", "twin");
        assertThat(other.efficiency(Workload.INFERENCE, "old"))
                .isEqualTo(new Efficiency(Workload.INFERENCE, "old", 900, "2025-02-01", "measured"));
        assertThat(other.efficiency(Workload.INFERENCE, "large"))
                .isEqualTo(new Efficiency(Workload.INFERENCE, "*", 250, "2025-01-01", "assumed"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            x,ACME,2020,16,,,,,,,,,,,DATASHEET           | has 15 fields, must have 16
            x,ACME,1020,16,,,,,,,,,,,DATASHEET,a sheet   | year is "1020", must be 1990 to 2100
            x,ACME,2020,16,,0,,,,,,,,,DATASHEET,sheet    | watts is "0", must be 1 to 100000
            x,ACME,2020,-1,,,,,,,,,,,DATASHEET,a sheet   | memoryGib is "-1", must be 0 to 1048576
            x,ACME,2020,16,,,fast,,,,,,,,DATASHEET,a sheet| FP64 is "fast", must be above 0, at most 999999, with at most three decimals
            x,ACME,2020,16,,,0,,,,,,,,DATASHEET,a sheet  | FP64 is "0", must be above 0, at most 999999, with at most three decimals
            x,ACME,2020,16,,,1.0005,,,,,,,,DATASHEET,sheet| FP64 is "1.0005", must be above 0, at most 999999, with at most three decimals
            ,ACME,2020,16,,,,,,,,,,,DATASHEET,a sheet    | model is "", must not be empty
            x,ACME,2020,16,,,,,,,,,,,DATASHEET,          | source is "", must not be empty
            x,ACME,2020,16,,,,,,,,,,,GUESS,a sheet       | basis is "GUESS", must be one of [DATASHEET, PAPER, REPORTED]
            """)
    void namesWhatIsWrongWithALineOfDevices(String line, String problem) {
        assertThatThrownBy(() -> Catalogue.EMPTY.withDevices("my.csv", List.of(DEVICES, line)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("my.csv, line 2: " + problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            TRAINING,*,0,2025-01-01,assumed     | permille is "0", must be 1 to 1000
            TRAINING,*,1001,2025-01-01,assumed  | permille is "1001", must be 1 to 1000
            SLEEP,*,100,2025-01-01,assumed      | workload is "SLEEP", must be one of [TRAINING, INFERENCE, HPC]
            TRAINING,*,100,last year,assumed    | asOf is "last year", must be a day as 2025-06-30
            """)
    void namesWhatIsWrongWithALineOfEfficiencies(String line, String problem) {
        assertThatThrownBy(() -> Catalogue.EMPTY.withEfficiencies("my.csv", List.of(EFFICIENCIES, line)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("my.csv, line 2: " + problem);
    }

    @Test
    void namesWhatIsWrongWithAFile() {
        assertThatThrownBy(() -> Catalogue.EMPTY.withDevices("my.csv", List.of("model,year")))
                .hasMessageStartingWith("my.csv, line 1: the columns are [model, year], must be [model, vendor, year,");
        assertThatThrownBy(() -> Catalogue.EMPTY.withDevices("my.csv", List.of("# nothing")))
                .hasMessage("my.csv, line 1: names no columns");
        String line = "x,ACME,2020,16,,,,,,,,,,,DATASHEET,a sheet";
        List<String> twice = new ArrayList<>(List.of(DEVICES, line, line));
        assertThatThrownBy(() -> Catalogue.EMPTY.withDevices("my.csv", twice))
                .hasMessage("my.csv, line 3: model is \"x\", which a line before it is about");
    }
}
