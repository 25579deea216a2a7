package dev.reverie.deploy.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A run that is interrupted before its classes have images")
class DistillationRunTest {

    @Test
    @DisplayName("says that there is nothing to save, or that the checkpoint from which it resumes is unchanged")
    void nothingToSave() {
        assertThat(DistillationRun.nothingToSave(false)).endsWith("there is nothing to save.");
        assertThat(DistillationRun.nothingToSave(true)).endsWith("its checkpoint is unchanged.");
    }
}
