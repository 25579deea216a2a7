/** Tests openapi.yaml against a running service, and generates the reference page of the API. */
@NullMarked
package dev.reverie.deploy.api;

import org.jspecify.annotations.NullMarked;
