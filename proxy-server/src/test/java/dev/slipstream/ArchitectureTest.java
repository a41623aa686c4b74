package dev.slipstream;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows between the rooms, and what the rooms have in common. */
final class ArchitectureTest {
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.slipstream");

    /** Each room, and the rooms it may look into; the codec and itself are open to all. */
    private static final Map<String, List<String>> ARROWS = Map.ofEntries(
            Map.entry("failure", List.of()),
            Map.entry("log", List.of()),
            Map.entry("config", List.of()),
            Map.entry("metrics", List.of("failure")),
            Map.entry("loop", List.of("metrics", "config")),
            Map.entry("route", List.of("config")),
            Map.entry("limit", List.of("config")),
            Map.entry("tls", List.of("config")),
            Map.entry("models", List.of("config")),
            Map.entry("exchange", List.of("config", "failure", "limit", "loop", "metrics", "models", "route")),
            Map.entry("http2", List.of()),
            Map.entry(
                    "upstream",
                    List.of("config", "exchange", "failure", "http2", "limit", "loop", "metrics", "route", "tls")),
            Map.entry("transform", List.of("config", "exchange", "failure", "limit", "loop", "metrics", "route")),
            Map.entry(
                    "dispatch",
                    List.of(
                            "config",
                            "exchange",
                            "failure",
                            "limit",
                            "loop",
                            "metrics",
                            "route",
                            "transform",
                            "upstream")),
            Map.entry(
                    "stage",
                    List.of(
                            "config",
                            "exchange",
                            "failure",
                            "limit",
                            "loop",
                            "metrics",
                            "models",
                            "route",
                            "transform")),
            Map.entry(
                    "discover",
                    List.of("config", "exchange", "failure", "loop", "metrics", "models", "route", "upstream")),
            Map.entry(
                    "ingress",
                    List.of(
                            "config",
                            "dispatch",
                            "exchange",
                            "failure",
                            "http2",
                            "limit",
                            "loop",
                            "metrics",
                            "route",
                            "stage",
                            "tls",
                            "transform",
                            "upstream")),
            Map.entry("accesslog", List.of("config", "exchange", "failure", "limit", "loop", "metrics", "route")),
            Map.entry("admin", List.of("config", "failure", "metrics")));

    @Test
    void theArrowsPointOneWay() {
        ARROWS.forEach((room, allowed) -> {
            String[] outside = ARROWS.keySet().stream()
                    .filter(other -> !other.equals(room) && !allowed.contains(other))
                    .map(other -> "dev.slipstream." + other + "..")
                    .toArray(String[]::new);
            check(noClasses()
                    .that()
                    .resideInAPackage("dev.slipstream." + room + "..")
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(outside))
                    .because(room + " looks only into " + allowed));
        });
    }

    @Test
    void nobodyLooksIntoBootButTheCommandLineAndNobodyIntoAdminButBoot() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("dev.slipstream.boot..", "dev.slipstream.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.slipstream.boot..", "dev.slipstream.cli.."));
        check(noClasses()
                .that()
                .resideOutsideOfPackages("dev.slipstream.boot..", "dev.slipstream.admin..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.slipstream.admin.."));
    }

    @Test
    void theCodecKnowsNothingButBytes() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.slipstream.codec..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.netty.channel..", "java.util.concurrent..", "java.net..", "java.io..", "org.slf4j.."));
    }

    @Test
    void thereAreNoCycles() {
        check(slices().matching("dev.slipstream.(**)").should().beFreeOfCycles());
    }

    @Test
    void onlyTheTransportNamesWhatMovesTheBytes() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.slipstream.loop.Transport")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty.channel.epoll..", "io.netty.incubator.."));
    }

    @Test
    void nothingIsStaticAndMutable() {
        check(fields().that().areStatic().should().beFinal());
    }

    @Test
    void onlyTheCommandLineEndsTheProcessOrTouchesSystemProperties() {
        ArchRule rule = noClasses()
                .that()
                // The log's backend is made by SLF4J: properties are all that it can be told by.
                .resideOutsideOfPackages("dev.slipstream.cli..", "dev.slipstream.log..")
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(System.class, "setProperty", String.class, String.class)
                .orShould()
                .callMethod(System.class, "getProperty", String.class);
        check(rule);
    }

    /** The wall clock jumps; what is waited for, limited or measured must not jump with it. */
    @Test
    void theWallClockIsForTheEyeAlone() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("dev.slipstream.accesslog..", "dev.slipstream.admin..", "dev.slipstream.log..")
                // When a provider last failed, for /health/providers.
                .and()
                .doNotHaveFullyQualifiedName("dev.slipstream.route.ProviderTrack")
                // When a translated answer was made, as its dialect says it.
                .and()
                .doNotHaveFullyQualifiedName("dev.slipstream.transform.AnswerTransforms")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.time..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Date.class));
    }

    @Test
    void whatIsNamedAsAHandlerIsOne() {
        check(classes()
                .that()
                .resideInAPackage("dev.slipstream.stage..")
                .and()
                .haveSimpleNameEndingWith("Handler")
                .should()
                .beAssignableTo("dev.slipstream.exchange.ExchangeHandler"));
    }

    @Test
    void everyRoomSaysWhatItIs() throws IOException {
        for (String source : List.of("src/main/java", "../proxy-codec/src/main/java")) {
            try (Stream<Path> paths = Files.walk(Path.of(source))) {
                List<Path> rooms = paths.filter(Files::isDirectory)
                        .filter(ArchitectureTest::holdsClasses)
                        .toList();
                for (Path room : rooms) {
                    Path info = room.resolve("package-info.java");
                    assertTrue(Files.exists(info), () -> "no package-info in " + room);
                    assertTrue(Files.readString(info).contains("@NullMarked"), () -> "not @NullMarked: " + room);
                }
            }
        }
    }

    private static boolean holdsClasses(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".java"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(HOUSE);
    }
}
