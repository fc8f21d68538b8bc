package io.millrace.schemas;

import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.specific.AvroGenerated;
import org.apache.avro.util.ClassSecurityValidator;
import org.jspecify.annotations.Nullable;

/**
 * Tells Avro, once in a process, that the generated classes of this package may be made from a schema; since 1.12.2 Avro
 * makes none that nobody vouched for. What was trusted before stays trusted, and nothing else is added: the name of a class
 * in a stranger's schema still loads nothing.
 *
 * <p>Avro has no hook for this, but it makes one object of each service of this type before it reads its first schema, and
 * so before any generated class is there: whoever has this module where the context class loader of
 * the first thread that uses Avro sees it, with our codecs or with Confluent's own, need not do anything. There is no logical type behind the service.
 */
public final class AvroTrust implements LogicalTypes.LogicalTypeFactory {

    /** Made by Avro; see {@code META-INF/services}. */
    public AvroTrust() {
        ClassSecurityValidator.setGlobal(
                ClassSecurityValidator.composite(ClassSecurityValidator.getGlobal(), AvroTrust::isOurs));
    }

    @Override
    public @Nullable LogicalType fromSchema(Schema schema) {
        return null;
    }

    @Override
    public String getTypeName() {
        return "io.millrace.schemas.trust";
    }

    private static boolean isOurs(Class<?> type) {
        return type.getPackageName().equals(AvroTrust.class.getPackageName())
                && type.isAnnotationPresent(AvroGenerated.class);
    }
}
