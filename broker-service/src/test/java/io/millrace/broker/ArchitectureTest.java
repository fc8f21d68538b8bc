package io.millrace.broker;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.millrace.runtime.CommitPace;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.UUID;
import org.apache.kafka.streams.processor.api.Processor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What may know what. The pure packages decide and bill; they must give the same in every replay, so nothing reaches them
 * but their arguments. Around them stream, around that api.
 */
class ArchitectureTest {
    private static final String ROOT = "io.millrace.broker.";
    private static final String[] PURE = {
        ROOT + "catalogue..",
        ROOT + "placement..",
        ROOT + "queue..",
        ROOT + "market..",
        ROOT + "settlement..",
        ROOT + "routing.."
    };

    private static final JavaClasses BROKER = importOnce();

    private static JavaClasses importOnce() {
        // The rules go by names, so the classes of Kafka and others need not be read.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.millrace.broker");
    }

    /** Or else the rules below would hold of nothing. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "catalogue.Catalogue",
                "placement.BestFit",
                "queue.Queue",
                "market.Market",
                "settlement.Settlement",
                "routing.MarketChoice"
            })
    void theClassesWereFound(String name) {
        assertThat(BROKER.contain(ROOT + name)).isTrue();
    }

    @Test
    void thePureKnowJavaAndEachOtherOnly() {
        classes()
                .that(resideInAnyPackage(PURE))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(PURE)
                        .or(resideInAnyPackage("java.lang", "java.lang.invoke", "java.lang.runtime"))
                        .or(resideInAnyPackage("java.math", "java.util", "java.util.function", "java.util.stream"))
                        .or(resideInAPackage("org.jspecify.annotations")))
                .check(BROKER);
    }

    @Test
    void noClockNoChanceNoOutsideReachesThePure() {
        noClasses()
                .that(resideInAnyPackage(PURE))
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(System.class, "getProperty", String.class)
                .orShould()
                .callMethod(System.class, "identityHashCode", Object.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Calendar.class,
                        Date.class,
                        Locale.class,
                        Random.class,
                        SplittableRandom.class,
                        Thread.class,
                        ThreadLocal.class,
                        Timer.class,
                        UUID.class)
                .check(BROKER);
    }

    /** The catalogue knows what placement places; placement is asked, the queue says who is next, the market decides, settlement and routing read what it said. */
    @Test
    void thePureDependOnEachOtherInOneDirection() {
        for (List<String> rule : List.of(
                List.of("placement", "catalogue", "queue", "market", "settlement", "routing"),
                List.of("catalogue", "queue", "market", "settlement", "routing"),
                List.of("queue", "market", "settlement", "routing"),
                List.of("market", "settlement", "routing"),
                List.of("settlement", "routing"),
                List.of("routing", "settlement"))) {
            String[] above =
                    rule.stream().skip(1).map(name -> ROOT + name + "..").toArray(String[]::new);
            noClasses()
                    .that(resideInAPackage(ROOT + rule.get(0) + ".."))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(above))
                    .check(BROKER);
        }
    }

    @Test
    void streamDoesNotKnowTheApi() {
        noClasses()
                .that(resideInAPackage(ROOT + "stream.."))
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "api.."))
                .check(BROKER);
    }

    /**
     * Kafka's own interval is a backstop only: what a processor does not tell the pace of commits becomes visible by that,
     * late, and no other test would fail. The keeper of summaries fills a global store, which is not committed.
     */
    @Test
    void everyProcessorTellsThePaceWhatItDid() {
        List<JavaClass> processors = BROKER.stream()
                .filter(type -> type.getRawInterfaces().stream()
                        .anyMatch(each -> each.getName().equals(Processor.class.getName())))
                .filter(type -> !type.getSimpleName().equals("SummaryKeeper"))
                .toList();
        assertThat(processors)
                .extracting(JavaClass::getSimpleName)
                .contains("SupplyIntake", "Intake", "NoticeIntake", "MarketProcessor");
        for (JavaClass processor : processors) {
            assertThat(paceCalls(processor, "process"))
                    .as("calls of the pace in %s.process", processor.getSimpleName())
                    .isNotEmpty();
        }
        for (String whereSomebodyWaits : List.of("Intake", "NoticeIntake", "MarketProcessor")) {
            assertThat(paceCalls(BROKER.get(ROOT + "stream." + whereSomebodyWaits), ""))
                    .as("calls of the pace in %s", whereSomebodyWaits)
                    .contains("took");
        }
    }

    /** What it calls of a task's pace, in this method or, for an empty name, anywhere. */
    private static List<String> paceCalls(JavaClass type, String method) {
        return type.getMethodCallsFromSelf().stream()
                .filter(call -> call.getTargetOwner().getName().equals(CommitPace.Task.class.getName()))
                .filter(call -> method.isEmpty() || call.getOrigin().getName().equals(method))
                .map(JavaCall::getName)
                .toList();
    }
}
