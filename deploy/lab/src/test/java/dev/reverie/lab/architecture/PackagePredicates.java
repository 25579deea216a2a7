package dev.reverie.lab.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.stream.Stream;

/** Predicates on packages that ArchUnit does not provide. */
final class PackagePredicates {

    private PackagePredicates() {}

    /** Matches Reverie's classes outside the given packages. */
    static DescribedPredicate<JavaClass> reverieOutside(String own, String... allowed) {
        String[] inside = Stream.concat(Stream.of(own), Stream.of(allowed)).toArray(String[]::new);
        return resideInAPackage("dev.reverie..").and(resideOutsideOfPackages(inside));
    }
}
