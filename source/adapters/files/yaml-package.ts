/** What is used of the package. A file of its own, so that it is loaded only where there is YAML, as one chunk. */
export {
  Document,
  LineCounter,
  type Scalar,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseAllDocuments,
  parseDocument,
  visit,
} from 'yaml';
