package dev.reverie.deploy.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The reference page of the API")
class ApiPageTest {

    private static final Path PAGE = Path.of("..", "docs", "reference", "api.md");

    @Test
    @DisplayName("matches openapi.yaml; -Dreverie.api.write=true updates it")
    void complete() throws Exception {
        String page = new ApiPage(OpenApiNode.document()).text();

        if (Boolean.getBoolean("reverie.api.write")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).content().isEqualTo(page);
    }
}
