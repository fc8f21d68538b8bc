package io.millrace.local.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class FigureLinesTest {

    private static List<String> of(String figures) throws JsonProcessingException {
        return FigureLines.of(
                new ObjectMapper().readTree("{\"nodesConsidered\": 1200, \"figures\": [" + figures + "]}"));
    }

    @Test
    void sayByWhichPolicyAndWhyThere() throws JsonProcessingException {
        assertThat(of("""
                        {"kind": "POLICY", "name": "fragmentation-aware", "value": 0},
                        {"kind": "LOSS_RISE", "name": "", "value": -12}"""))
                .containsExactly("placed by fragmentation-aware among 1,200 nodes: the loss of idle devices rises least"
                        + " there, by -12 thousandths of a device, weighted by scarcity");
        assertThat(of("""
                        {"kind": "POLICY", "name": "best-fit", "value": 0},
                        {"kind": "DEVICES_LEFT", "name": "", "value": 2500},
                        {"kind": "CPU_LEFT", "name": "", "value": 14000}"""))
                .containsExactly("placed by best-fit among 1,200 nodes: least is left there, 2.5 devices and 14 cores");
    }

    @Test
    void sayHowManyReplicasThereAreOfThoseAsked() throws JsonProcessingException {
        assertThat(of("""
                        {"kind": "POLICY", "name": "best-fit", "value": 0},
                        {"kind": "REPLICAS_LEFT", "name": "", "value": 0},
                        {"kind": "REPLICAS_ASKED", "name": "", "value": 5},
                        {"kind": "REPLICAS_GRANTED", "name": "", "value": 3}"""))
                .containsExactly(
                        "replicas: 3 of the 5 asked",
                        "placed by best-fit among 1,200 nodes: fewest more fit there, 0 replicas");
    }

    @Test
    void passOverWhatTheyDoNotKnow() throws JsonProcessingException {
        assertThat(of("{\"kind\": \"YOUNGER\", \"name\": \"x\", \"value\": 1}")).isEmpty();
    }
}
