using System.Globalization;
using System.Text;

namespace Outdial.EndToEnd.Tests.Rigs;

/// <summary>A span as it goes over the wire (OTLP, protobuf): as much of it as is looked at.</summary>
/// <param name="Parent">Empty for the first of a trace.</param>
/// <param name="Links">Traces that it is linked to.</param>
public sealed record Span(
    string Trace, string Id, string Parent, string Name, DateTimeOffset Start, DateTimeOffset End, IReadOnlyDictionary<string, string> Tags,
    IReadOnlyList<string> Links)
{
    /// <summary>Reads an ExportTraceServiceRequest.</summary>
    public static IEnumerable<Span> Read(byte[] message) => Parts(message, 1).SelectMany(resource => Parts(resource, 2))
        .SelectMany(scope => Parts(scope, 2)).Select(span => Of(Fields(span).ToLookup(field => field.Number)));

    private static IEnumerable<byte[]> Parts(byte[] message, int number) =>
        Fields(message).Where(field => field.Number == number).Select(field => field.Bytes);

    private static Span Of(ILookup<int, Field> fields) => new(
        Hex(fields[1]), Hex(fields[2]), Hex(fields[4]), Text(fields[5]), Time(fields[7]), Time(fields[8]),
        fields[9].Select(tag => Fields(tag.Bytes).ToLookup(field => field.Number)).ToDictionary(tag => Text(tag[1]), tag => Value(tag[2])),
        [.. fields[13].Select(link => Hex(Fields(link.Bytes).Where(field => field.Number == 1)))]);

    private static string Hex(IEnumerable<Field> fields) => Convert.ToHexStringLower(fields.FirstOrDefault().Bytes ?? []);

    private static string Text(IEnumerable<Field> fields) => Encoding.UTF8.GetString(fields.FirstOrDefault().Bytes ?? []);

    private static DateTimeOffset Time(IEnumerable<Field> fields) => DateTimeOffset.UnixEpoch.AddTicks((long)(fields.Single().Value / 100));

    // AnyValue: a text (1), a truth (2), a whole number (3); others are not looked at.
    private static string Value(IEnumerable<Field> fields) => Fields(fields.Single().Bytes).FirstOrDefault() is { } value && value.Number == 1
        ? Encoding.UTF8.GetString(value.Bytes)
        : value.Value.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<Field> Fields(byte[] message)
    {
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint(message, ref at);
            var (value, bytes) = (0UL, Array.Empty<byte>());
            switch (tag & 7)
            {
                case 0:
                    value = Varint(message, ref at);
                    break;
                case 1:
                    value = BitConverter.ToUInt64(message, at);
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    bytes = message[at..(at + length)];
                    at += length;
                    break;
                case 5:
                    value = BitConverter.ToUInt32(message, at);
                    at += 4;
                    break;
                default:
                    throw new FormatException($"Wire type {tag & 7} is none of protobuf's.");
            }
            yield return new Field((int)(tag >> 3), value, bytes);
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var (value, shift) = (0UL, 0);
        while (true)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
            shift += 7;
        }
    }

    private readonly record struct Field(int Number, ulong Value, byte[] Bytes);
}
