package dev.reverie.deploy.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.Keyword;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.oas.OpenApi31;
import java.util.Map;
import java.util.Set;

/** Validates values against the schemas of openapi.yaml: JSON Schema 2020-12 with the vocabulary of OpenAPI 3.1. */
final class SchemaValidator {

    private static final String ADDRESS = "https://reverie.invalid/openapi.json";

    /** Fields of the document itself, which are not schema keywords. */
    private static final Set<String> DOCUMENT_FIELDS =
            Set.of("openapi", "info", "servers", "tags", "paths", "components");

    private final JsonSchemaFactory factory;
    private final SchemaValidatorsConfig strict =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    SchemaValidator(OpenApiNode document) {
        JsonMetaSchema dialect = JsonMetaSchema.builder(OpenApi31.getInstance())
                .unknownKeywordFactory((name, context) -> keyword(name))
                .build();
        factory = JsonSchemaFactory.getInstance(VersionFlag.V202012, builder -> builder.metaSchema(dialect)
                .defaultMetaSchemaIri(dialect.getIri())
                .schemaLoaders(loaders ->
                        loaders.schemas(Map.of(ADDRESS, document.node().toString()))));
    }

    private static Keyword keyword(String unknown) {
        assertThat(DOCUMENT_FIELDS)
                .as("'%s' is not a keyword of a schema", unknown)
                .contains(unknown);
        return new NonValidationKeyword(unknown);
    }

    /** Checks that a value matches a schema. */
    void assertValid(OpenApiNode schema, JsonNode value) {
        assertThat(schema.node().isMissingNode())
                .as("the schema %s exists", schema.pointer())
                .isFalse();
        assertThat(factory.getSchema(SchemaLocation.of(ADDRESS + "#" + schema.pointer()), strict)
                        .validate(value))
                .as("%s, by %s", value, schema.pointer())
                .isEmpty();
    }
}
