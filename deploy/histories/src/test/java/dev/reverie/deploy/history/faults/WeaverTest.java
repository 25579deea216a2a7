package dev.reverie.deploy.history.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The weaver of failpoints")
class WeaverTest {

    @ParameterizedTest
    @EnumSource
    @DisplayName("finds the method of each failpoint, and its code passes verification")
    void failpoints(Failpoint failpoint) throws IOException {
        assertWoven(Weaver.failpoints(), failpoint.target());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("finds the methods of each mutant, and its code passes verification")
    void mutants(Mutant mutant) throws IOException {
        for (Weaving weaving : mutant.weavings()) {
            List<Weaving> all = new ArrayList<>(Weaver.failpoints());
            all.addAll(mutant.weavings());
            assertWoven(all, weaving.target());
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("finds the methods of each build, and its code passes verification")
    void builds(Build build) throws IOException {
        for (Weaving weaving : build.weavings()) {
            assertWoven(build.weavings(), weaving.target());
        }
    }

    @Test
    @DisplayName("finds where the size of a journal is compared")
    void snapshots() throws IOException {
        Weaving weaving = FrequentSnapshots.weavings().getFirst();
        assertWoven(List.of(weaving), weaving.target());
    }

    private static void assertWoven(List<Weaving> weavings, Target target) throws IOException {
        byte[] content = Weaver.classOf(target);
        byte[] woven = new Weaver(weavings).weave(target.internalName(), content);

        assertThat(woven).isNotEqualTo(content);
        assertThat(ClassFile.of().verify(woven)).isEmpty();
    }

    @Test
    @DisplayName("fails if a method does not exist")
    void missing() throws IOException {
        Target target = Target.of("dev.reverie.actors.store.Store", "renamed");
        byte[] content = Weaver.classOf(target);
        Weaver weaver = new Weaver(List.of(Weaving.atEntry(target, _ -> {})));

        assertThatThrownBy(() -> weaver.weave(target.internalName(), content))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("renamed");
    }
}
