package dev.reverie.lab.architecture;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Clock;
import java.time.InstantSource;
import java.time.temporal.Temporal;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The coding rules hold in all classes")
class HouseRulesTest {

    /**
     * The classes that may read the machine's clock: the composition root, the client's builder, and a filter that
     * Logback creates.
     */
    private static final String CLOCK_SEAMS =
            "dev\\.reverie\\.(deploy\\.(Reverie|serve\\.ResponseTimeoutFilter)|client\\.ReverieClientBuilder)";

    @Test
    @DisplayName("Only the composition root, the client's builder and a filter of the log read the machine's clock")
    void clocksAreInjected() {
        noClasses()
                .that()
                .haveNameNotMatching(CLOCK_SEAMS)
                .should()
                .accessTargetWhere(readsTheMachinesClock())
                .because("code that receives a clock can be tested without waiting")
                .check(ProductionClasses.CLASSES);
    }

    @Test
    @DisplayName("No class calls Thread.sleep")
    void noClassSleeps() {
        noClasses()
                .should()
                .accessTargetWhere(target(owner(assignableTo(Thread.class))).and(target(nameMatching("sleep"))))
                .check(ProductionClasses.CLASSES);
    }

    @Test
    @DisplayName("No class uses Java serialization; only layers of DeepLearning4J inherit Serializable")
    void noJavaSerialization() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(ObjectInputStream.class, ObjectOutputStream.class)
                .check(ProductionClasses.CLASSES);
        noClasses()
                .that()
                .areNotEnums()
                .and()
                .areNotAssignableTo(Throwable.class)
                .and()
                .resideOutsideOfPackage("dev.reverie.gpu.dl4j..")
                .should()
                .implement(Serializable.class)
                .check(ProductionClasses.CLASSES);
    }

    @Test
    @DisplayName("Only the command line writes to the standard streams")
    void onlyTheCommandLineWritesToTheTerminal() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.reverie.deploy..")
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                .check(ProductionClasses.CLASSES);
    }

    @Test
    @DisplayName("Every package is @NullMarked, so that NullAway checks it")
    void everyPackageIsNullMarked() {
        Set<JavaPackage> packages =
                ProductionClasses.CLASSES.stream().map(JavaClass::getPackage).collect(Collectors.toSet());

        assertThat(packages).isNotEmpty().allSatisfy(each -> assertThat(each.isAnnotatedWith(NullMarked.class))
                .as("@NullMarked in %s/package-info.java", each.getName())
                .isTrue());
    }

    private static DescribedPredicate<JavaAccess<?>> readsTheMachinesClock() {
        DescribedPredicate<JavaAccess<?>> system =
                target(owner(assignableTo(System.class))).and(target(nameMatching("currentTimeMillis|nanoTime")));
        DescribedPredicate<JavaAccess<?>> now =
                target(owner(assignableTo(Temporal.class))).and(target(nameMatching("now")));
        DescribedPredicate<JavaAccess<?>> clock = target(
                        owner(assignableTo(Clock.class).or(assignableTo(InstantSource.class))))
                .and(target(nameMatching("system.*|tick.*")));
        return system.or(now).or(clock).as("the machine's clock");
    }
}
