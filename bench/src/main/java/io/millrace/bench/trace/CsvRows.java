package io.millrace.bench.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.millrace.local.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads a CSV file with a header, row by row. Stateless. */
final class CsvRows {
    private static final CsvMapper MAPPER = CsvMapper.csvBuilder()
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .enable(CsvParser.Feature.TRIM_SPACES)
            .enable(CsvParser.Feature.FAIL_ON_MISSING_COLUMNS)
            .build();

    private CsvRows() {}

    /**
     * What the rows of a file mean.
     *
     * @param columns columns that the header must name; it may name more
     * @throws UserError if there is no such file, or a row that cannot be read
     */
    static <T> List<T> read(Path file, List<String> columns, Function<Row, T> meaning) {
        if (!Files.isRegularFile(file)) {
            throw new UserError(file + " is not a file");
        }
        List<T> rows = new ArrayList<>();
        try (MappingIterator<Map<String, String>> it = MAPPER.readerForMapOf(String.class)
                .with(CsvSchema.emptySchema().withHeader())
                .readValues(file.toFile())) {
            // The parser reads the header only when the first row is asked for.
            boolean more = it.hasNextValue();
            requireHeader(file, (CsvSchema) it.getParser().getSchema(), columns);
            while (more) {
                long line = it.getCurrentLocation().getLineNr();
                Map<String, String> values = it.nextValue();
                rows.add(meaning.apply(new Row(file, line, values)));
                more = it.hasNextValue();
            }
        } catch (JsonProcessingException e) {
            long line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new UserError(file + ":" + line + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UserError(file + " cannot be read: " + e.getMessage(), e);
        }
        if (rows.isEmpty()) {
            throw new UserError(file + " has a header and no rows");
        }
        return rows;
    }

    private static void requireHeader(Path file, CsvSchema header, List<String> columns) {
        List<String> missing =
                columns.stream().filter(c -> header.column(c) == null).toList();
        if (!missing.isEmpty()) {
            throw new UserError(file + ":1: the header lacks " + String.join(", ", missing) + "; it must name "
                    + String.join(", ", columns));
        }
    }
}
