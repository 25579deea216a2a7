package dev.reverie.gpu.method;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Generates a builder with named components for a settings record, and one {@code with} method per component. */
@RecordBuilder.Template(
        options =
                @RecordBuilder.Options(
                        prefixEnclosingClassNames = false,
                        addClassRetainedGenerated = true,
                        addFunctionalMethodsToWith = false,
                        enableGetters = false))
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.TYPE)
public @interface GenerateSettingsBuilder {}
