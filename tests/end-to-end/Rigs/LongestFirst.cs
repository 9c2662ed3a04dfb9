using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Outdial.EndToEnd.Tests.Rigs.LongestFirst", "Outdial.EndToEnd.Tests")]

namespace Outdial.EndToEnd.Tests.Rigs;

/// <summary>The tests on shared services, which run one after the other, begin first; the rest runs beside them.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderByDescending(collection => collection.DisplayName == SharedServices.Name)
            .ThenBy(collection => collection.DisplayName, StringComparer.Ordinal);
}
