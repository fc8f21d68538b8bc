package io.millrace.local.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.local.terminal.Terminal;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecWordsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"cpuMillicores":1000,"durationSeconds":60} | 1 core; any model; any hub; for 1 min
            {"devices":1,"milliPerDevice":250,"models":["T4","A10"],"hubs":["gansu"],"durationSeconds":60} | 25.0 % of a device; T4 or A10; gansu; for 1 min
            {"devices":8,"replicas":4,"minReplicas":2,"spread":"CENTRE","durationSeconds":60} | 2 to 4 × (8 devices) in one centre; any model; any hub; for 1 min
            {"devices":8,"replicas":4,"minReplicas":4,"durationSeconds":60} | 4 × (8 devices); any model; any hub; for 1 min
            {"devices":1,"need":{"precision":"BF16","gigaOpsInTotal":20000000,"workload":"TRAINING","deviceMemoryGib":64},"durationSeconds":60} | 1 device; at least 20.0 POPS at BF16 in total; at least 64 GiB a device; for training; any model; any hub; for 1 min
            {"devices":1,"need":{"precision":"FP64","gigaOpsPerDevice":9700},"durationSeconds":60} | 1 device; at least 9.70 TOPS at FP64 a device; any model; any hub; for 1 min
            {"devices":1,"need":{"precision":"FP64"},"durationSeconds":60} | 1 device; must have FP64; any model; any hub; for 1 min
            {"devices":1,"kind":"QUANTUM","quantum":{"qubits":50,"twoQubitFidelityPpm":990000,"shots":10000},"durationSeconds":60} | 1 device, 10,000 shots on 50 qubits of 990,000 ppm; quantum; any model; any hub; for 1 min
            {"devices":1,"siting":{"usersHub":"gansu","latencyLimitMicros":5500,"dataHub":"ningxia","dataGib":500,"weights":[{"term":"CARBON","weightPermille":3000}]},"durationSeconds":60} | 1 device; any model; any hub; users in gansu; within 5.5 ms; data in ningxia (500 GiB); carbon × 3; for 1 min
            {"devices":1,"durationSeconds":60,"deadlineMillis":1772366400000,"maxPriceMicroCnyPerHour":7000000} | 1 device; any model; any hub; for 1 min; over by 12:00:00; at most 7.00 CNY/h each
            """)
    void allThatWasAskedIsTold(String spec, String words) throws JsonProcessingException {
        assertThat(SpecWords.asked(
                        new ObjectMapper().readTree(spec), new DecisionWords(Terminal.PLAIN, ZoneOffset.UTC)))
                .isEqualTo(words);
    }
}
