package io.millrace.ingest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** The rules of supply know neither Kafka nor Avro nor HTTP, no clock and no dice. */
class PurePackagesTest {
    private static final String PURE = "io.millrace.ingest.capacity";

    private final JavaClasses pure = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(PURE);

    @Test
    void thereAreClassesToLookAt() {
        assertThat(pure)
                .extracting("simpleName")
                .contains("ReportCheck", "NodeTable", "Summaries")
                .hasSizeGreaterThan(20);
    }

    @Test
    void pureCodeUsesJavaOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(PURE, "java.lang..", "java.util..", "org.jspecify.annotations")
                .check(pure);
    }

    @Test
    void pureCodeAsksNeitherClockNorDice() {
        noClasses()
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Clock.class,
                        Random.class,
                        ThreadLocalRandom.class,
                        UUID.class,
                        java.security.SecureRandom.class)
                .check(pure);
    }
}
