using System.Text;
using System.Text.Json.Nodes;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;

namespace Outdial.Gateway.Tests.Client;

/// <summary>The C# client that the description of the API gives.</summary>
internal static class ClientSource
{
    private const string ClassName = "OutdialClient";

    public static async Task<string> Of(JsonObject whole)
    {
        var document = await OpenApiDocument.FromJsonAsync(PlainDocument.Of(whole).ToJsonString());
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = ClassName,
            OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
            InjectHttpClient = true,
            DisposeHttpClient = false,
            UseBaseUrl = false,
            ExceptionClass = "OutdialException",
            GenerateExceptionClasses = false,
            WrapResponses = true,
            WrapResponseMethods = [.. Lists(whole).Select(operation => $"{ClassName}.{operation}")],
            ResponseClass = "OutdialResponse",
            GenerateResponseClasses = false,
            GenerateOptionalParameters = true,
            ParameterDateTimeFormat = "O",
            ResponseArrayType = "System.Collections.Generic.List",
            ParameterArrayType = "System.Collections.Generic.List",
            CSharpGeneratorSettings =
            {
                Namespace = "Outdial.Client",
                JsonLibrary = CSharpJsonLibrary.SystemTextJson,
                ClassStyle = CSharpClassStyle.Poco,
                GenerateNullableReferenceTypes = true,
                GenerateOptionalPropertiesAsNullable = true,
                GenerateDataAnnotations = false,
                ArrayType = "System.Collections.Generic.List",
                ArrayInstanceType = "System.Collections.Generic.List",
                ArrayBaseType = "System.Collections.Generic.List",
                DictionaryType = "System.Collections.Generic.Dictionary",
                DictionaryInstanceType = "System.Collections.Generic.Dictionary",
                DictionaryBaseType = "System.Collections.Generic.Dictionary",
                DateTimeType = "System.DateTimeOffset",
                AnyType = "System.Text.Json.JsonElement",
            },
        };
        var code = new CSharpClientGenerator(document, settings).GenerateFile();
        return code.Replace(PlainDocument.Twin, "", StringComparison.Ordinal).ReplaceLineEndings("\n").TrimEnd('\n') + "\n\n" + Words(whole);
    }

    private static IEnumerable<string> Lists(JsonObject whole) =>
        whole["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(operation => $"{operation.Value!["operationId"]}")
            .Where(name => name.StartsWith("List", StringComparison.Ordinal));

    /// <summary>The closed sets, as constants.</summary>
    private static string Words(JsonObject whole)
    {
        var sets = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        Collect(whole, sets);
        var text = new StringBuilder("namespace Outdial.Client\n{\n");
        foreach (var (name, words) in sets)
        {
            text.Append("    /// <summary>A closed set of the API's words.</summary>\n");
            text.Append($"    public static class {name}\n    {{\n");
            foreach (var word in words)
                text.Append($"        public const string {(Pascal(word) == name ? Pascal(word) + "Word" : Pascal(word))} = \"{word}\";\n");
            text.Append("    }\n\n");
        }
        return text.ToString().TrimEnd('\n') + "\n}\n";
    }

    private static void Collect(JsonNode? node, SortedDictionary<string, List<string>> sets)
    {
        switch (node)
        {
            case JsonObject thing:
                if (thing["x-outdial-set"] is JsonValue name && thing["enum"] is JsonArray words)
                    sets[$"{name}"] = [.. words.Where(word => word is not null).Select(word => $"{word}")];
                foreach (var (_, inner) in thing)
                    Collect(inner, sets);
                break;
            case JsonArray list:
                foreach (var inner in list)
                    Collect(inner, sets);
                break;
        }
    }

    private static string Pascal(string word) => string.Concat(word.Split('-').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
}
