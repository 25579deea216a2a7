package dev.reverie.deploy.packaging;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.kustomize.v1beta1.Kustomization;
import java.io.IOException;
import java.nio.file.Path;

/** Reads Kubernetes manifests as the types of the API and rejects unknown fields. */
final class ManifestReader {

    private static final YAMLMapper STRICT = YAMLMapper.builder()
            .annotationIntrospector(new UnknownFieldsRejected())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
            .build();

    private final Path folder;

    ManifestReader(Path folder) {
        this.folder = folder;
    }

    /** Reads a file that contains one resource. */
    <T extends HasMetadata> T read(String file, Class<T> type) throws IOException {
        return STRICT.readValue(folder.resolve(file).toFile(), type);
    }

    Kustomization kustomization(String file) throws IOException {
        return STRICT.readValue(folder.resolve(file).toFile(), Kustomization.class);
    }

    /** Reads a resource from text. */
    static <T extends HasMetadata> T parse(String text, Class<T> type) throws IOException {
        return STRICT.readValue(text, type);
    }

    /** Turns off the maps in which the types collect unknown fields. */
    private static final class UnknownFieldsRejected extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated member) {
            return false;
        }

        @Override
        public JsonIgnoreProperties.Value findPropertyIgnoralByName(MapperConfig<?> config, Annotated type) {
            return JsonIgnoreProperties.Value.empty();
        }
    }
}
