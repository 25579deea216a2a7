package dev.reverie.gpu.method;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Generates a builder and a wither per component for a record, so that settings are created with named components. */
@RecordBuilder.Template(
        options =
                @RecordBuilder.Options(
                        prefixEnclosingClassNames = false,
                        addClassRetainedGenerated = true,
                        addFunctionalMethodsToWith = false,
                        enableGetters = false))
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.TYPE)
@interface GenerateSettingsBuilder {}
