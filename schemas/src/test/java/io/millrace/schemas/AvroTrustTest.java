package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AvroTrustTest {

    /** In a process of its own: in this one another test may have made Avro read its schemas already. */
    @Test
    void theFirstThingAProcessDoesMayBeARecord() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FirstRecord.class.getName())
                .redirectErrorStream(true)
                .start();

        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(child.waitFor()).as(said).isZero();
        assertThat(said).contains("NORMAL");
    }

    /** Its main method is the child's. */
    static final class FirstRecord {

        private FirstRecord() {}

        /** Defaults of enum type are what Avro asks about. */
        public static void main(String[] arguments) {
            System.out.println(ComputeSpec.newBuilder()
                    .setDevices(1)
                    .setDurationSeconds(60)
                    .build());
        }
    }
}
