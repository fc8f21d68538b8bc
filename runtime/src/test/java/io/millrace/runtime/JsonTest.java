package io.millrace.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    private static com.fasterxml.jackson.databind.JsonNode parse(String text) {
        return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"a\":1,}          | line 1, column 8",
                "{\"a\":1,\"a\":2}   | Duplicate",
                "{} {}               | trailing",
                "{\"a\":NaN}         | NaN",
                "[1,2                | end-of-input",
                "nonsense            | nonsense",
                "~~                  | empty",
            })
    void whatIsNoJsonSaysWhere(String text, String expected) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(ProblemException.class, problem -> {
                    assertThat(problem.status()).isEqualTo(400);
                    assertThat(problem.title()).isEqualTo("Malformed JSON");
                })
                .message()
                .containsIgnoringCase(expected.strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":", "{\"a\":[1,2", "NaN", "{a:1}", "[Infinity]", "\"\t\"", "{'a':1}", "01", "[1,]"})
    void theParsersOwnSettingsAreNoBusinessOfWhoWrote(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("line 1")
                .message()
                .doesNotContain("`", "Stream", "REDACTED");
        assertThatThrownBy(() -> parse("[".repeat(51))).message().doesNotContain("`");
        assertThatThrownBy(() -> parse("1".repeat(60))).message().doesNotContain("`");
    }

    @Test
    void depthAndNumbersAreBounded() {
        assertThat(parse("[".repeat(50) + "]".repeat(50)).isArray()).isTrue();
        assertThatThrownBy(() -> parse("[".repeat(51) + "]".repeat(51))).hasMessageContaining("depth");
        assertThatThrownBy(() -> parse("1".repeat(2_000))).hasMessageContaining("ength");
    }

    @Test
    void numbersStayExact() {
        assertThat(parse("10.0").toString()).isEqualTo("10.0");
        assertThat(parse("9223372036854775807").longValue()).isEqualTo(Long.MAX_VALUE);
        assertThat(Json.bytes(parse("{\"ä\":[1,null]}")))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"ä\":[1,null]}");
    }
}
