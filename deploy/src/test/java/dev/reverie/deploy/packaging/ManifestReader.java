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

/** Reads manifests as the API's types, and takes no field that a type does not have. */
final class ManifestReader {

    private static final YAMLMapper STRICT = YAMLMapper.builder()
            .annotationIntrospector(new NoRoomForMore())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
            .build();

    private final Path folder;

    ManifestReader(Path folder) {
        this.folder = folder;
    }

    /** A file as the one thing it holds. */
    <T extends HasMetadata> T read(String file, Class<T> type) throws IOException {
        return STRICT.readValue(folder.resolve(file).toFile(), type);
    }

    Kustomization kustomization(String file) throws IOException {
        return STRICT.readValue(folder.resolve(file).toFile(), Kustomization.class);
    }

    /** The same from a text. */
    static <T extends HasMetadata> T parse(String text, Class<T> type) throws IOException {
        return STRICT.readValue(text, type);
    }

    /** The types would keep what they do not know in a map, each in its own. */
    private static final class NoRoomForMore extends JacksonAnnotationIntrospector {

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
