package io.millrace.local.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {
    @Test
    void columnsAreAlignedAndNothingTrails() {
        Table table = new Table().left("market").right("free").left("note");
        table.row("guizhou", "1,234", "").row("gansu", "7", "new");
        assertThat(table.lines())
                .containsExactly(
                        "market    free  note", //
                        "guizhou  1,234",
                        "gansu        7  new");
    }

    @Test
    void aRowMustHaveACellForEachColumn() {
        assertThatThrownBy(() -> new Table().left("a").row("1", "2")).hasMessage("2 cells for 1 columns");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0|0", "999|0.999", "1000|1", "12345000|12,345", "1250|1.25", "250|0.25"})
    void thousandthsAreUnits(long milli, String text) {
        assertThat(Figures.fromMilli(milli)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|0 s",
                "1499|1 s",
                "59999|1 min",
                "200000|3 min 20 s",
                "7500000|2 h 5 min",
                "7200000|2 h",
                "349200000|4 d 1 h"
            })
    void durationsAreReadable(long millis, String text) {
        assertThat(Figures.duration(millis)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"312|312 GOPS", "312000|312 TOPS", "2496000|2.50 POPS", "6600000000|6.60 EOPS"})
    void operationsHaveThreeFigures(long giga, String text) {
        assertThat(Figures.operations(giga)).isEqualTo(text);
    }

    @Test
    void moneyMemoryAndRatesAreReadable() {
        assertThat(Figures.cny(12_500_000)).isEqualTo("12.50");
        assertThat(Figures.memory(65_536)).isEqualTo("64 GiB");
        assertThat(Figures.memory(65_536L * 1_000)).isEqualTo("63 TiB");
        assertThat(Figures.storage(2_048, 500)).isEqualTo("2,048 GiB at 500 MiB/s");
        assertThat(Figures.storage(2_048, 0)).isEqualTo("2,048 GiB");
        assertThat(Figures.storage(0, 500)).isEqualTo("500 MiB/s");
        assertThat(Figures.storage(0, 0)).isEqualTo("-");
        assertThat(Figures.rate(19.84)).isEqualTo("19.8");
        assertThat(Figures.rate(1234.6)).isEqualTo("1,235");
        assertThat(Figures.wholeFromMilli(-1)).isEqualTo("-1");
    }

    @Test
    void coloursAreForTerminalsOnly() {
        assertThat(Terminal.PLAIN.red("no")).isEqualTo("no");
        assertThat(new Terminal(true, true, 24).red("no")).isEqualTo("\u001b[31mno\u001b[0m");
    }

    @Test
    void aBlockIsDrawnOverTheOneBefore() {
        assertThat(Terminal.up(2) + Terminal.over(List.of("a", "b")))
                .isEqualTo("\r\u001b[2A\u001b[?7la\u001b[K\nb\u001b[K\n\u001b[J\u001b[?7h");
    }
}
