package dev.reverie.lab.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Modules depend on each other in one direction")
class ModuleDirectionTest {

    private static final String[] TELEMETRY_PACKAGES = {
        "dev.reverie.actors.telemetry..",
        "dev.reverie.gpu.method..",
        "dev.reverie.gpu.objective..",
        "dev.reverie.gpu.select..",
        "dev.reverie.gpu.dataset.."
    };

    @Test
    @DisplayName("gpu <- actors <- streams <- deploy <- lab, and only the last two depend on monitoring")
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
                .layer("lab")
                .definedBy("dev.reverie.lab..")
                .whereLayer("gpu")
                .mayNotAccessAnyLayer()
                .whereLayer("actors")
                .mayOnlyAccessLayers("gpu")
                .whereLayer("streams")
                .mayOnlyAccessLayers("gpu", "actors")
                .whereLayer("monitoring")
                .mayOnlyAccessLayers("gpu", "actors")
                .whereLayer("deploy")
                .mayOnlyBeAccessedByLayers("lab")
                .whereLayer("lab")
                .mayOnlyAccessLayers("gpu", "actors", "streams", "monitoring", "deploy")
                .check(ProductionClasses.CLASSES);
    }

    @Test
    @DisplayName("The Java client depends on npz, Jackson and SLF4J only, and only deploy and the lab depend on it")
    void clientStandsAlone() {
        noClasses()
                .that()
                .resideInAPackage("dev.reverie.client..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "dev.reverie.client..",
                        "dev.reverie.npz..",
                        "java..",
                        "javax.net.ssl..",
                        "com.fasterxml.jackson..",
                        "org.slf4j..",
                        "org.jspecify.annotations..")
                .check(ProductionClasses.CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.reverie.client..", "dev.reverie.deploy..", "dev.reverie.lab..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.reverie.client..")
                .check(ProductionClasses.CLASSES);
    }

    @Test
    @DisplayName("npz depends on the JDK only")
    void npzStandsAlone() {
        noClasses()
                .that()
                .resideInAPackage("dev.reverie.npz..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("dev.reverie.npz..", "java..", "org.jspecify.annotations..")
                .check(ProductionClasses.CLASSES);
    }

    @Test
    @DisplayName("monitoring depends on the telemetry of the actors, and the types in it, only")
    void monitoringOnlyObserves() {
        noClasses()
                .that()
                .resideInAPackage("dev.reverie.monitoring..")
                .should()
                .dependOnClassesThat(reverieOutside("dev.reverie.monitoring..", TELEMETRY_PACKAGES))
                .check(ProductionClasses.CLASSES);
    }

    @Test
    @DisplayName("gpu is synchronous: it depends on no actors, network or metrics")
    void gpuIsSynchronous() {
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
    @DisplayName("Actors depend on no metrics library and no HTTP")
    void actorsDependOnNoMetricsOrHttp() {
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
    @DisplayName("Only the kernels and the graphs depend on ND4J and its native bindings")
    void onlyTheKernelsUseNd4j() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.reverie.gpu.tensor.nd4j..", "dev.reverie.gpu.dl4j..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.nd4j..", "org.bytedeco..")
                .check(ProductionClasses.CLASSES);
    }

    @Test
    @DisplayName("Only the graphs depend on DeepLearning4J")
    void onlyTheGraphsUseDeepLearning4j() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.reverie.gpu.dl4j..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.deeplearning4j..")
                .check(ProductionClasses.CLASSES);
    }

    @Test
    @DisplayName("Tensors stay inside gpu, so that other modules never own off-heap memory")
    void tensorsStayInsideGpu() {
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
    @DisplayName("Packages do not depend on each other in cycles")
    void packagesHaveNoCycles() {
        slices().matching("dev.reverie.(**)").should().beFreeOfCycles().check(ProductionClasses.CLASSES);
    }

    /** Matches Reverie's classes outside the given packages. */
    private static DescribedPredicate<JavaClass> reverieOutside(String own, String... allowed) {
        String[] inside = Stream.concat(Stream.of(own), Stream.of(allowed)).toArray(String[]::new);
        return resideInAPackage("dev.reverie..").and(resideOutsideOfPackages(inside));
    }
}
