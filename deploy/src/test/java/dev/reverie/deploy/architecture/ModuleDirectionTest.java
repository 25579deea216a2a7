package dev.reverie.deploy.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Modules depend on each other in one direction")
class ModuleDirectionTest {

    private static final String[] WHAT_TELEMETRY_CARRIES = {
        "dev.reverie.actors.telemetry..",
        "dev.reverie.gpu.method..",
        "dev.reverie.gpu.objective..",
        "dev.reverie.gpu.select..",
        "dev.reverie.gpu.dataset.."
    };

    @Test
    @DisplayName("gpu <- actors <- streams <- deploy, and nothing but deploy depends on monitoring")
    void modulesPointOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("gpu")
                .definedBy("dev.reverie.gpu..")
                .layer("actors")
                .definedBy("dev.reverie.actors..")
                .layer("streams")
                .definedBy("dev.reverie.streams..")
                .layer("monitoring")
                .definedBy("dev.reverie.monitoring..")
                .layer("deploy")
                .definedBy("dev.reverie.deploy..")
                .whereLayer("gpu")
                .mayNotAccessAnyLayer()
                .whereLayer("actors")
                .mayOnlyAccessLayers("gpu")
                .whereLayer("streams")
                .mayOnlyAccessLayers("gpu", "actors")
                .whereLayer("monitoring")
                .mayOnlyAccessLayers("gpu", "actors")
                .whereLayer("deploy")
                .mayNotBeAccessedByAnyLayer()
                .check(ProductionClasses.CLASSES);
    }

    @Test
    @DisplayName("monitoring sees the actors' telemetry and what its events carry, nothing else")
    void monitoringOnlyObserves() {
        noClasses()
                .that()
                .resideInAPackage("dev.reverie.monitoring..")
                .should()
                .dependOnClassesThat(PackagePredicates.reverieOutside("dev.reverie.monitoring..", WHAT_TELEMETRY_CARRIES))
                .check(ProductionClasses.CLASSES);
    }

    @Test
    @DisplayName("gpu is synchronous: it knows no actors, no network and no metrics")
    void numericsAreSynchronous() {
        noClasses()
                .that()
                .resideInAPackage("dev.reverie.gpu..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.pekko..",
                        "scala..",
                        "io.prometheus..",
                        "java.net.http..",
                        "com.sun.net.httpserver..")
                .check(ProductionClasses.CLASSES);
    }

    @Test
    @DisplayName("Actors know no metrics library and no HTTP")
    void actorsKnowNoOutside() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.reverie.actors..", "dev.reverie.streams..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.prometheus..")
                .check(ProductionClasses.CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.reverie.actors..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net.http..", "com.sun.net.httpserver..", "org.apache.pekko.http..")
                .check(ProductionClasses.CLASSES);
    }

    @Test
    @DisplayName("ND4J and its native bindings are known to the kernels, and to the graphs that are built on it")
    void onlyTheKernelsKnowNd4j() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.reverie.gpu.tensor..", "dev.reverie.gpu.graph..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.nd4j..", "org.bytedeco..")
                .check(ProductionClasses.CLASSES);
    }

    @Test
    @DisplayName("DeepLearning4J is known to the graphs alone")
    void onlyTheGraphsKnowDeepLearning4j() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.reverie.gpu.graph..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.deeplearning4j..")
                .check(ProductionClasses.CLASSES);
    }

    @Test
    @DisplayName("Tensors stay inside gpu: what crosses its border owns its memory")
    void tensorsDoNotLeaveTheNumerics() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.reverie.actors..", "dev.reverie.streams..", "dev.reverie.monitoring..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.reverie.gpu.tensor..", "dev.reverie.gpu.network..", "dev.reverie.gpu.augment..")
                .check(ProductionClasses.CLASSES);
    }

    @Test
    @DisplayName("No two packages of a module need each other")
    void packagesHaveNoCycles() {
        slices().matching("dev.reverie.(*).(*)..").should().beFreeOfCycles().check(ProductionClasses.CLASSES);
    }
}
