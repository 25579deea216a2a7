package dev.reverie.deploy.experiments.analyze;

/**
 * What an analysis comes to.
 *
 * @param table every number
 * @param figure what they look like
 * @param said the outcome in a line
 */
record AnalysisResult(CsvTable table, Figure figure, String said) {}
